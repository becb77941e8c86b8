// Startup snapshots: a heap to start from.

#include "shim.h"

using v8wire::Entered;

namespace {

/// Calls a method of the prelude's object without arguments.
bool Call(v8::Isolate* isolate, v8::Local<v8::Context> context, v8::Local<v8::Object> hooks, const char* name) {
  v8::Local<v8::Value> method, result;
  if (!hooks->Get(context, v8wire::Literal(isolate, name)).ToLocal(&method) || !method->IsFunction()) return false;
  bool called = method.As<v8::Function>()->Call(context, hooks, 0, nullptr).ToLocal(&result);
  v8::TryCatch ignored(isolate);
  isolate->PerformMicrotaskCheckpoint();
  return called;
}

}  // namespace

extern "C" {

bool v8wire_build_startup(const uint8_t* prelude, size_t prelude_length, const uint8_t* source, size_t length,
                          const uint8_t* name, size_t name_length, V8WireBytes* blob,
                          V8WireFailure* failure) noexcept {
  std::unique_ptr<v8::ArrayBuffer::Allocator> allocator(v8::ArrayBuffer::Allocator::NewDefaultAllocator());
#if V8_MAJOR_VERSION >= 12
  v8::Isolate::CreateParams params;
  params.array_buffer_allocator = allocator.get();
  v8::SnapshotCreator creator(params);
#else
  v8::SnapshotCreator creator;
#endif
  v8::Isolate* isolate = creator.GetIsolate();
  v8wire::Prepare(isolate);
  bool built = false;
  {
    v8::HandleScope handles(isolate);
    v8::Local<v8::Context> context = v8::Context::New(isolate);
    v8::Context::Scope context_scope(context);
    v8::TryCatch caught(isolate);
    v8::Local<v8::String> prelude_text, text, origin;
    v8::Local<v8::Value> hooks, result;
    built = v8wire::String(isolate, prelude, prelude_length).ToLocal(&prelude_text) &&
            v8wire::String(isolate, source, length).ToLocal(&text) &&
            v8wire::String(isolate, name, name_length).ToLocal(&origin) &&
            v8wire::Run(isolate, context, prelude_text, v8wire::Literal(isolate, "v8wire:startup"), &hooks) &&
            hooks->IsObject() && v8wire::Run(isolate, context, text, origin, &result) &&
            Call(isolate, context, hooks.As<v8::Object>(), "serialize");
    if (built) {
      // The first piece of data: v8wire_run_startup asks for number 0.
      creator.AddData(context, hooks.As<v8::Object>());
    } else {
      v8wire::Describe(isolate, context, caught, failure);
    }
    creator.SetDefaultContext(context);
  }
  // Also where that failed: V8 wants a creator to be used.
  v8::StartupData data = creator.CreateBlob(v8::SnapshotCreator::FunctionCodeHandling::kKeep);
  if (built && !data.data) {
    v8wire::Say(failure, "V8 made no snapshot");
    built = false;
  }
  if (built) *blob = v8wire::Copy(data.data, static_cast<size_t>(data.raw_size));
  delete[] data.data;
  return built;
}

bool v8wire_startup_is_valid(const uint8_t* blob, size_t length) noexcept {
  v8::StartupData data{reinterpret_cast<const char*>(blob), static_cast<int>(length)};
  return data.IsValid();
}

bool v8wire_run_startup(V8WireEngine* engine, V8WireFailure* failure) noexcept {
  Entered entered(engine);
  v8::Local<v8::Object> hooks;
  if (!entered.context->GetDataFromSnapshotOnce<v8::Object>(0).ToLocal(&hooks)) {
    v8wire::Say(failure, "the snapshot was not made by v8wire");
    return false;
  }
  return Call(entered.isolate, entered.context, hooks, "deserialize") || entered.Fail(failure);
}

}  // extern "C"
