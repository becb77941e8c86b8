// The heap profiler: object ids, tracking, sampling, and the embedder's part of the graph.

#include "shim.h"

using v8wire::Entered;

namespace {

class Updates final : public v8::OutputStream {
 public:
  Updates(bool (*update)(void*, uint32_t, uint32_t, uint32_t), void* data) : update_(update), data_(data) {}

  void EndOfStream() override {}
  WriteResult WriteAsciiChunk(char*, int) override { return kAbort; }
  WriteResult WriteHeapStatsChunk(v8::HeapStatsUpdate* updates, int count) override {
    for (int i = 0; i < count; i++) {
      if (!update_(data_, updates[i].index, updates[i].count, updates[i].size)) return kAbort;
    }
    return kContinue;
  }

 private:
  bool (*update_)(void*, uint32_t, uint32_t, uint32_t);
  void* data_;
};

/// A node of the embedder. Its name is one of the engine's.
class Node final : public v8::EmbedderGraph::Node {
 public:
  Node(const char* name, size_t size, Detachedness detachedness, bool root)
      : name_(name), size_(size), detachedness_(detachedness), root_(root) {}

  const char* Name() override { return name_; }
  size_t SizeInBytes() override { return size_; }
  bool IsRootNode() override { return root_; }
  Detachedness GetDetachedness() override { return detachedness_; }

 private:
  const char* name_;
  size_t size_;
  Detachedness detachedness_;
  bool root_;
};

}  // namespace

extern "C" {

uint32_t v8wire_object_id(V8WireEngine* engine, V8WireHandle* value) noexcept {
  Entered entered(engine);
  return entered.isolate->GetHeapProfiler()->GetObjectId(value->value.Get(entered.isolate));
}

V8WireHandle* v8wire_find_object(V8WireEngine* engine, uint32_t id) noexcept {
  Entered entered(engine);
  v8::Local<v8::Value> found = entered.isolate->GetHeapProfiler()->FindObjectById(id);
  return found.IsEmpty() ? nullptr : v8wire::Keep(entered.isolate, found);
}

void v8wire_clear_object_ids(V8WireEngine* engine) noexcept {
  v8::Isolate::Scope isolate_scope(engine->isolate);
  engine->isolate->GetHeapProfiler()->ClearObjectIds();
}

void v8wire_start_tracking(V8WireEngine* engine, bool track_allocations) noexcept {
  Entered entered(engine);
  entered.isolate->GetHeapProfiler()->StartTrackingHeapObjects(track_allocations);
}

uint32_t v8wire_heap_stats(V8WireEngine* engine,
                           bool (*update)(void* data, uint32_t index, uint32_t count, uint32_t size), void* data,
                           int64_t* timestamp_us) noexcept {
  Entered entered(engine);
  Updates updates(update, data);
  return entered.isolate->GetHeapProfiler()->GetHeapStats(&updates, timestamp_us);
}

void v8wire_stop_tracking(V8WireEngine* engine) noexcept {
  Entered entered(engine);
  entered.isolate->GetHeapProfiler()->StopTrackingHeapObjects();
}

bool v8wire_start_sampling(V8WireEngine* engine, uint64_t interval, int32_t depth, int32_t flags) noexcept {
  Entered entered(engine);
  return entered.isolate->GetHeapProfiler()->StartSamplingHeapProfiler(
      interval, depth, static_cast<v8::HeapProfiler::SamplingFlags>(flags));
}

void v8wire_stop_sampling(V8WireEngine* engine) noexcept {
  Entered entered(engine);
  entered.isolate->GetHeapProfiler()->StopSamplingHeapProfiler();
}

bool v8wire_allocation_profile(V8WireEngine* engine, const V8WireSampleVisitor* visitor) noexcept {
  Entered entered(engine);
  std::unique_ptr<v8::AllocationProfile> profile(entered.isolate->GetHeapProfiler()->GetAllocationProfile());
  if (!profile) return false;
  struct Open {
    const v8::AllocationProfile::Node* node;
    uint32_t parent;
  };
  std::vector<Open> open{{profile->GetRootNode(), UINT32_MAX}};
  uint32_t given = 0;
  while (!open.empty()) {
    Open next = open.back();
    open.pop_back();
    v8::HandleScope handles(entered.isolate);
    v8::String::Utf8Value name(entered.isolate, next.node->name);
    v8::String::Utf8Value script(entered.isolate, next.node->script_name);
    V8WireSampleNode node{next.node->node_id,        next.parent,
                          *name ? *name : "",        *script ? *script : "",
                          next.node->script_id,      next.node->start_position,
                          next.node->line_number,    next.node->column_number};
    visitor->node(visitor->data, &node);
    for (const auto& allocation : next.node->allocations) {
      visitor->allocation(visitor->data, allocation.size, allocation.count);
    }
    // The first child comes out first.
    for (size_t i = next.node->children.size(); i > 0; i--) {
      open.push_back({next.node->children[i - 1], given});
    }
    given++;
  }
  for (const auto& sample : profile->GetSamples()) {
    visitor->sample(visitor->data, sample.node_id, sample.size, sample.count, sample.sample_id);
  }
  return true;
}

void v8wire_add_graph_callback(V8WireEngine* engine, void (*callback)(v8::Isolate*, v8::EmbedderGraph*, void*),
                               void* data) noexcept {
  engine->isolate->GetHeapProfiler()->AddBuildEmbedderGraphCallback(callback, data);
}

void v8wire_remove_graph_callback(V8WireEngine* engine, void (*callback)(v8::Isolate*, v8::EmbedderGraph*, void*),
                                  void* data) noexcept {
  engine->isolate->GetHeapProfiler()->RemoveBuildEmbedderGraphCallback(callback, data);
}

void* v8wire_graph_node(V8WireEngine* engine, v8::EmbedderGraph* graph, const uint8_t* name, size_t length,
                        uint64_t size, int32_t detachedness, bool root) noexcept {
  return graph->AddNode(std::make_unique<Node>(v8wire::Intern(engine, name, length), static_cast<size_t>(size),
                                               static_cast<v8::EmbedderGraph::Node::Detachedness>(detachedness),
                                               root));
}

void* v8wire_graph_value(V8WireEngine* engine, v8::EmbedderGraph* graph, V8WireHandle* value) noexcept {
  v8::HandleScope handles(engine->isolate);
  return graph->V8Node(value->value.Get(engine->isolate));
}

void v8wire_graph_edge(V8WireEngine* engine, v8::EmbedderGraph* graph, void* from, void* to, const uint8_t* name,
                       size_t length) noexcept {
  graph->AddEdge(static_cast<v8::EmbedderGraph::Node*>(from), static_cast<v8::EmbedderGraph::Node*>(to),
                 name ? v8wire::Intern(engine, name, length) : nullptr);
}

}  // extern "C"
