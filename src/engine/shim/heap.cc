// Statistics of the heap, and its limit.

#include "shim.h"

extern "C" {

void v8wire_heap_statistics(V8WireEngine* engine, V8WireHeapStatistics* out) noexcept {
  v8::Isolate::Scope isolate_scope(engine->isolate);
  v8::HeapStatistics heap;
  engine->isolate->GetHeapStatistics(&heap);
  *out = {heap.total_heap_size(),
          heap.total_heap_size_executable(),
          heap.total_physical_size(),
          heap.total_available_size(),
          heap.used_heap_size(),
          heap.heap_size_limit(),
          heap.malloced_memory(),
          heap.peak_malloced_memory(),
          static_cast<uint64_t>(heap.does_zap_garbage()),
          heap.number_of_native_contexts(),
          heap.number_of_detached_contexts(),
          heap.total_global_handles_size(),
          heap.used_global_handles_size(),
          heap.external_memory()};
}

size_t v8wire_heap_space_count(V8WireEngine* engine) noexcept { return engine->isolate->NumberOfHeapSpaces(); }

bool v8wire_heap_space(V8WireEngine* engine, size_t index, V8WireHeapSpace* out) noexcept {
  v8::Isolate::Scope isolate_scope(engine->isolate);
  v8::HeapSpaceStatistics space;
  if (!engine->isolate->GetHeapSpaceStatistics(&space, index)) return false;
  *out = {space.space_name(), space.space_size(), space.space_used_size(), space.space_available_size(),
          space.physical_space_size()};
  return true;
}

bool v8wire_heap_code(V8WireEngine* engine, V8WireHeapCode* out) noexcept {
  v8::Isolate::Scope isolate_scope(engine->isolate);
  v8::HeapCodeStatistics code;
  if (!engine->isolate->GetHeapCodeAndMetadataStatistics(&code)) return false;
  *out = {code.code_and_metadata_size(), code.bytecode_and_metadata_size(), code.external_script_source_size(),
          code.cpu_profiler_metadata_size()};
  return true;
}

static size_t OnHeapLimit(void* data, size_t current, size_t initial) {
  auto* engine = static_cast<V8WireEngine*>(data);
  return engine->heap_limit_hook(engine->heap_limit_data, current, initial);
}

void v8wire_set_heap_limit_hook(V8WireEngine* engine, size_t (*hook)(void*, size_t, size_t), void* data) noexcept {
  engine->heap_limit_hook = hook;
  engine->heap_limit_data = data;
  engine->isolate->AddNearHeapLimitCallback(OnHeapLimit, engine);
}

void v8wire_remove_heap_limit_hook(V8WireEngine* engine) noexcept {
  engine->isolate->RemoveNearHeapLimitCallback(OnHeapLimit, 0);
  engine->heap_limit_hook = nullptr;
}

void v8wire_restore_heap_limit(V8WireEngine* engine) noexcept {
  // As Node does: once the heap is down to 95 % of it.
  engine->isolate->AutomaticallyRestoreInitialHeapLimit(0.95);
}

}  // extern "C"
