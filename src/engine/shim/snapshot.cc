// Heap snapshots: taking, writing and walking them.

#include "shim.h"

using v8wire::Entered;

namespace {

class Progress final : public v8::ActivityControl {
 public:
  explicit Progress(const V8WireSnapshotOptions* options) : options_(options) {}

  ControlOption ReportProgressValue(uint32_t done, uint32_t total) override {
    return options_->progress(options_->data, done, total) ? kContinue : kAbort;
  }

 private:
  const V8WireSnapshotOptions* options_;
};

#if V8_MAJOR_VERSION >= 14
using Resolver = v8::HeapProfiler::ContextNameResolver;
using Named = v8::Context;
#else
using Resolver = v8::HeapProfiler::ObjectNameResolver;
using Named = v8::Object;
#endif

class Names final : public Resolver {
 public:
  Names(V8WireEngine* engine, const V8WireSnapshotOptions* options) : engine_(engine), options_(options) {}

  const char* GetName(v8::Local<Named>) override {
    engine_->name = nullptr;
    options_->name(options_->data, engine_);
    return engine_->name;
  }

 private:
  V8WireEngine* engine_;
  const V8WireSnapshotOptions* options_;
};

class Chunks final : public v8::OutputStream {
 public:
  Chunks(bool (*write)(void*, const uint8_t*, size_t), void* data) : write_(write), data_(data) {}

  void EndOfStream() override {}
  int GetChunkSize() override { return 1 << 16; }
  WriteResult WriteAsciiChunk(char* chunk, int size) override {
    return write_(data_, reinterpret_cast<uint8_t*>(chunk), static_cast<size_t>(size)) ? kContinue : kAbort;
  }

 private:
  bool (*write_)(void*, const uint8_t*, size_t);
  void* data_;
};

}  // namespace

const char* v8wire::Intern(V8WireEngine* engine, const uint8_t* name, size_t length) {
  return engine->names.emplace(reinterpret_cast<const char*>(name), length).first->c_str();
}

extern "C" {

const v8::HeapSnapshot* v8wire_take_snapshot(V8WireEngine* engine, const V8WireSnapshotOptions* options) noexcept {
  Entered entered(engine);
  Progress progress(options);
  Names names(engine, options);
  return entered.isolate->GetHeapProfiler()->TakeHeapSnapshot(options->progress ? &progress : nullptr,
                                                              options->name ? &names : nullptr);
}

void v8wire_set_name(V8WireEngine* engine, const uint8_t* name, size_t length) noexcept {
  engine->name = v8wire::Intern(engine, name, length);
}

int32_t v8wire_snapshot_count(V8WireEngine* engine) noexcept {
  return engine->isolate->GetHeapProfiler()->GetSnapshotCount();
}

const v8::HeapSnapshot* v8wire_snapshot(V8WireEngine* engine, int32_t index) noexcept {
  return engine->isolate->GetHeapProfiler()->GetHeapSnapshot(index);
}

void v8wire_delete_snapshot(V8WireEngine* engine, const v8::HeapSnapshot* snapshot) noexcept {
  v8::Isolate::Scope isolate_scope(engine->isolate);
  const_cast<v8::HeapSnapshot*>(snapshot)->Delete();
}

void v8wire_delete_all_snapshots(V8WireEngine* engine) noexcept {
  v8::Isolate::Scope isolate_scope(engine->isolate);
  engine->isolate->GetHeapProfiler()->DeleteAllHeapSnapshots();
}

void v8wire_serialize_snapshot(V8WireEngine* engine, const v8::HeapSnapshot* snapshot,
                               bool (*write)(void* data, const uint8_t* chunk, size_t length), void* data) noexcept {
  v8::Isolate::Scope isolate_scope(engine->isolate);
  Chunks chunks(write, data);
  snapshot->Serialize(&chunks);
}

int32_t v8wire_snapshot_node_count(const v8::HeapSnapshot* snapshot) noexcept { return snapshot->GetNodesCount(); }

uint32_t v8wire_snapshot_max_id(const v8::HeapSnapshot* snapshot) noexcept {
  return snapshot->GetMaxSnapshotJSObjectId();
}

void v8wire_snapshot_node(const v8::HeapSnapshot* snapshot, int32_t index, V8WireHeapNode* node) noexcept {
  v8wire_node(index < 0 ? snapshot->GetRoot() : snapshot->GetNode(index), node);
}

bool v8wire_snapshot_node_by_id(const v8::HeapSnapshot* snapshot, uint32_t id, V8WireHeapNode* node) noexcept {
  const v8::HeapGraphNode* found = snapshot->GetNodeById(id);
  if (!found) return false;
  v8wire_node(found, node);
  return true;
}

void v8wire_node(const v8::HeapGraphNode* pointer, V8WireHeapNode* node) noexcept {
  *node = {pointer, static_cast<int32_t>(pointer->GetType()), static_cast<uint32_t>(pointer->GetId()),
           pointer->GetShallowSize(), static_cast<uint32_t>(pointer->GetChildrenCount())};
}

V8WireBytes v8wire_node_name(V8WireEngine* engine, const v8::HeapGraphNode* node) noexcept {
  Entered entered(engine);
  return v8wire::Utf8(entered.isolate, node->GetName());
}

void v8wire_edge(V8WireEngine* engine, const v8::HeapGraphNode* from, int32_t index, V8WireHeapEdge* edge,
                 V8WireBytes* name) noexcept {
  Entered entered(engine);
  const v8::HeapGraphEdge* found = from->GetChild(index);
  v8::Local<v8::Value> label = found->GetName();
  *edge = {found->GetToNode(), static_cast<int32_t>(found->GetType()), 0, !label->IsString()};
  if (edge->is_index) {
    edge->index = label->Uint32Value(entered.context).FromMaybe(0);
  } else {
    *name = v8wire::Utf8(entered.isolate, label);
  }
}

}  // extern "C"
