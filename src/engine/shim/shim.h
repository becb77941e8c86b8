// The C interface between V8 and `src/engine/ffi.rs`, which mirrors the part in `extern "C"` line by line.
//
// Rules:
// - Values cross as wire bytes or as handles; everything else as plain C.
// - JavaScript exceptions are caught and returned as a Failure. `noexcept` on every function: should C++
//   itself throw (out of memory), the process ends here and nothing unwinds into Rust.
// - Callbacks into Rust do not unwind either; they catch panics on their side.
// - Bytes are allocated by malloc and freed by v8wire_free; those of length 0 may be null.
// - Every function enters the isolate for itself, so engines of one thread can be used in turn.
#ifndef V8WIRE_SHIM_H_
#define V8WIRE_SHIM_H_

#include <libplatform/libplatform.h>
#include <v8-profiler.h>
#include <v8.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <set>
#include <string>
#include <vector>

struct V8WireInspector;

/// An isolate with one context.
struct V8WireEngine {
  v8::Isolate* isolate = nullptr;
  std::shared_ptr<v8::ArrayBuffer::Allocator> allocator;
  v8::Global<v8::Context> context;
  /// The prototype of Node's Buffers; made when first needed.
  v8::Global<v8::Object> buffer_prototype;
  /// Where the number of a promise is kept.
  v8::Global<v8::Private> promise_key;
  double promises = 0;
  uint32_t calls = 0;
  V8WireInspector* inspector = nullptr;
  /// Names that heap snapshots point to, for as long as they exist.
  std::set<std::string> names;
  /// The answer of a name resolver.
  const char* name = nullptr;

  void (*promise_hook)(void* data, int32_t event, struct V8WirePromise* promise, double id, double parent) = nullptr;
  void* promise_data = nullptr;
  bool promises_wanted = false;
  void (*gc_hook)(void* data, int32_t type, bool begin) = nullptr;
  void* gc_data = nullptr;
  size_t (*heap_limit_hook)(void* data, size_t current, size_t initial) = nullptr;
  void* heap_limit_data = nullptr;
};

struct V8WirePromise {
  V8WireEngine* engine;
  v8::Local<v8::Promise> promise;
};

/// A value that lives as long as the handle.
struct V8WireHandle {
  v8::Global<v8::Value> value;
};

struct V8WireBytes {
  uint8_t* data;
  size_t length;
};

/// An exception. All texts are UTF-8; line and column count from 1, 0 is unknown.
struct V8WireFailure {
  V8WireBytes message;
  V8WireBytes stack;
  V8WireBytes script;
  int32_t line;
  int32_t column;
  /// Whether a serializer found something that cannot be cloned.
  bool not_cloneable;
};

struct V8WireNumbered {
  uint32_t id;
  V8WireHandle* handle;
};

struct V8WireHostReader;
struct V8WireHostWriter;

struct V8WireDeserializeOptions {
  bool legacy;
  const V8WireNumbered* transfers;
  size_t transfer_count;
  const V8WireNumbered* shared;
  size_t shared_count;
  const V8WireNumbered* modules;
  size_t module_count;
  /// Reads a host object; where it gives false, `reader` has the message. Null: V8's own answer.
  bool (*read_host)(void* data, V8WireHostReader* reader);
  void* data;
};

struct V8WireDeserialized {
  V8WireHandle* value;
  size_t consumed;
  uint32_t version;
};

struct V8WireSerializeOptions {
  bool views_as_host_objects;
  const V8WireNumbered* transfers;
  size_t transfer_count;
  /// Writes a host object; where it gives false, `writer` has the message. Null: V8's own answer.
  bool (*write_host)(void* data, V8WireHostWriter* writer);
  /// Takes a shared buffer (0) or module (1) that the bytes name by its number among those of its kind.
  void (*external)(void* data, int32_t what, V8WireHandle* handle);
  void* data;
};

/// As `v8::HeapStatistics`, in Node's order.
struct V8WireHeapStatistics {
  uint64_t total_heap_size;
  uint64_t total_heap_size_executable;
  uint64_t total_physical_size;
  uint64_t total_available_size;
  uint64_t used_heap_size;
  uint64_t heap_size_limit;
  uint64_t malloced_memory;
  uint64_t peak_malloced_memory;
  uint64_t does_zap_garbage;
  uint64_t number_of_native_contexts;
  uint64_t number_of_detached_contexts;
  uint64_t total_global_handles_size;
  uint64_t used_global_handles_size;
  uint64_t external_memory;
};

struct V8WireHeapSpace {
  /// Lives as long as the process.
  const char* name;
  uint64_t size;
  uint64_t used_size;
  uint64_t available_size;
  uint64_t physical_size;
};

struct V8WireHeapCode {
  uint64_t code_and_metadata_size;
  uint64_t bytecode_and_metadata_size;
  uint64_t external_script_source_size;
  uint64_t cpu_profiler_metadata_size;
};

struct V8WireSnapshotOptions {
  /// Gives false to stop. May be null.
  bool (*progress)(void* data, uint32_t done, uint32_t total);
  /// Writes the name of a global object with v8wire_set_name. May be null.
  void (*name)(void* data, V8WireEngine* engine);
  void* data;
};

struct V8WireHeapNode {
  const v8::HeapGraphNode* node;
  int32_t type;
  uint32_t id;
  uint64_t self_size;
  uint32_t edges;
};

struct V8WireHeapEdge {
  const v8::HeapGraphNode* to;
  int32_t type;
  /// Where the name is a number: `name` is empty then.
  uint32_t index;
  bool is_index;
};

struct V8WireSampleNode {
  uint32_t id;
  /// How many nodes were given before its parent; UINT32_MAX for the root.
  uint32_t parent;
  const char* name;
  const char* script_name;
  int32_t script_id;
  int32_t start_position;
  int32_t line;
  int32_t column;
};

struct V8WireSampleVisitor {
  void (*node)(void* data, const V8WireSampleNode* node);
  /// An allocation of the node that came last.
  void (*allocation)(void* data, uint64_t size, uint32_t count);
  void (*sample)(void* data, uint32_t node, uint64_t size, uint32_t count, uint64_t id);
  void* data;
};

struct V8WireLocalTime {
  int32_t year, month, day, hour, minute, second;
};

extern "C" {
// engine.cc
void v8wire_start() noexcept;
const char* v8wire_version() noexcept;
uint32_t v8wire_cached_data_version_tag() noexcept;
/// Takes the flags that V8 knows out of `argv` and gives how many are left.
int32_t v8wire_set_flags(int32_t argc, char** argv) noexcept;
void v8wire_local_time(V8WireLocalTime* time) noexcept;
void v8wire_free(V8WireBytes bytes) noexcept;
/// `blob` outlives the engine; null for V8's own snapshot.
V8WireEngine* v8wire_engine_new(uint64_t heap_limit, const uint8_t* blob, size_t blob_length) noexcept;
void v8wire_engine_free(V8WireEngine* engine) noexcept;
bool v8wire_eval(V8WireEngine* engine, const uint8_t* source, size_t length, const uint8_t* name, size_t name_length,
                 V8WireHandle** result, V8WireFailure* failure) noexcept;
bool v8wire_set_global(V8WireEngine* engine, const uint8_t* name, size_t length, V8WireHandle* value,
                       V8WireFailure* failure) noexcept;
bool v8wire_to_string(V8WireEngine* engine, V8WireHandle* value, V8WireBytes* text, V8WireFailure* failure) noexcept;
V8WireHandle* v8wire_handle_clone(V8WireEngine* engine, V8WireHandle* handle) noexcept;
void v8wire_handle_free(V8WireEngine* engine, V8WireHandle* handle) noexcept;
void v8wire_collect_garbage(V8WireEngine* engine) noexcept;

// wire.cc
bool v8wire_serialize(V8WireEngine* engine, V8WireHandle* value, const V8WireSerializeOptions* options,
                      V8WireBytes* bytes, V8WireFailure* failure) noexcept;
bool v8wire_deserialize(V8WireEngine* engine, const uint8_t* data, size_t length,
                        const V8WireDeserializeOptions* options, V8WireDeserialized* result,
                        V8WireFailure* failure) noexcept;
bool v8wire_read_uint32(V8WireHostReader* reader, uint32_t* value) noexcept;
bool v8wire_read_uint64(V8WireHostReader* reader, uint64_t* value) noexcept;
bool v8wire_read_double(V8WireHostReader* reader, double* value) noexcept;
bool v8wire_read_raw_bytes(V8WireHostReader* reader, size_t length, const uint8_t** data) noexcept;
/// Reads a value, which becomes the host object if it is an object.
bool v8wire_read_value(V8WireHostReader* reader) noexcept;
/// Makes a view over a copy of the bytes, which becomes the host object. `kind` is Node's number.
bool v8wire_read_view(V8WireHostReader* reader, uint32_t kind, const uint8_t* data, size_t length) noexcept;
void v8wire_read_failed(V8WireHostReader* reader, const uint8_t* message, size_t length) noexcept;
/// Node's number of the view being written and its bytes; false where the host object is no view.
bool v8wire_write_view(V8WireHostWriter* writer, uint32_t* kind, V8WireBytes* bytes) noexcept;
void v8wire_write_uint32(V8WireHostWriter* writer, uint32_t value) noexcept;
void v8wire_write_uint64(V8WireHostWriter* writer, uint64_t value) noexcept;
void v8wire_write_double(V8WireHostWriter* writer, double value) noexcept;
void v8wire_write_raw_bytes(V8WireHostWriter* writer, const uint8_t* data, size_t length) noexcept;
void v8wire_write_failed(V8WireHostWriter* writer, const uint8_t* message, size_t length) noexcept;

// heap.cc
void v8wire_heap_statistics(V8WireEngine* engine, V8WireHeapStatistics* statistics) noexcept;
size_t v8wire_heap_space_count(V8WireEngine* engine) noexcept;
bool v8wire_heap_space(V8WireEngine* engine, size_t index, V8WireHeapSpace* space) noexcept;
bool v8wire_heap_code(V8WireEngine* engine, V8WireHeapCode* code) noexcept;
void v8wire_set_heap_limit_hook(V8WireEngine* engine, size_t (*hook)(void*, size_t, size_t), void* data) noexcept;
/// Also from within the hook.
void v8wire_remove_heap_limit_hook(V8WireEngine* engine) noexcept;
void v8wire_restore_heap_limit(V8WireEngine* engine) noexcept;

// snapshot.cc
const v8::HeapSnapshot* v8wire_take_snapshot(V8WireEngine* engine, const V8WireSnapshotOptions* options) noexcept;
void v8wire_set_name(V8WireEngine* engine, const uint8_t* name, size_t length) noexcept;
int32_t v8wire_snapshot_count(V8WireEngine* engine) noexcept;
const v8::HeapSnapshot* v8wire_snapshot(V8WireEngine* engine, int32_t index) noexcept;
void v8wire_delete_snapshot(V8WireEngine* engine, const v8::HeapSnapshot* snapshot) noexcept;
void v8wire_delete_all_snapshots(V8WireEngine* engine) noexcept;
/// `write` gives false to stop.
void v8wire_serialize_snapshot(V8WireEngine* engine, const v8::HeapSnapshot* snapshot,
                               bool (*write)(void* data, const uint8_t* chunk, size_t length), void* data) noexcept;
int32_t v8wire_snapshot_node_count(const v8::HeapSnapshot* snapshot) noexcept;
uint32_t v8wire_snapshot_max_id(const v8::HeapSnapshot* snapshot) noexcept;
/// The root where `index` is negative.
void v8wire_snapshot_node(const v8::HeapSnapshot* snapshot, int32_t index, V8WireHeapNode* node) noexcept;
bool v8wire_snapshot_node_by_id(const v8::HeapSnapshot* snapshot, uint32_t id, V8WireHeapNode* node) noexcept;
void v8wire_node(const v8::HeapGraphNode* pointer, V8WireHeapNode* node) noexcept;
V8WireBytes v8wire_node_name(V8WireEngine* engine, const v8::HeapGraphNode* node) noexcept;
void v8wire_edge(V8WireEngine* engine, const v8::HeapGraphNode* from, int32_t index, V8WireHeapEdge* edge,
                 V8WireBytes* name) noexcept;

// profiler.cc
uint32_t v8wire_object_id(V8WireEngine* engine, V8WireHandle* value) noexcept;
V8WireHandle* v8wire_find_object(V8WireEngine* engine, uint32_t id) noexcept;
void v8wire_clear_object_ids(V8WireEngine* engine) noexcept;
void v8wire_start_tracking(V8WireEngine* engine, bool track_allocations) noexcept;
/// Gives the last object id that was seen.
uint32_t v8wire_heap_stats(V8WireEngine* engine,
                           bool (*update)(void* data, uint32_t index, uint32_t count, uint32_t size), void* data,
                           int64_t* timestamp_us) noexcept;
void v8wire_stop_tracking(V8WireEngine* engine) noexcept;
bool v8wire_start_sampling(V8WireEngine* engine, uint64_t interval, int32_t depth, int32_t flags) noexcept;
void v8wire_stop_sampling(V8WireEngine* engine) noexcept;
/// False where nothing is being sampled.
bool v8wire_allocation_profile(V8WireEngine* engine, const V8WireSampleVisitor* visitor) noexcept;
void v8wire_add_graph_callback(V8WireEngine* engine, void (*callback)(v8::Isolate*, v8::EmbedderGraph*, void*),
                               void* data) noexcept;
void v8wire_remove_graph_callback(V8WireEngine* engine, void (*callback)(v8::Isolate*, v8::EmbedderGraph*, void*),
                                  void* data) noexcept;
void* v8wire_graph_node(V8WireEngine* engine, v8::EmbedderGraph* graph, const uint8_t* name, size_t length,
                        uint64_t size, int32_t detachedness, bool root) noexcept;
void* v8wire_graph_value(V8WireEngine* engine, v8::EmbedderGraph* graph, V8WireHandle* value) noexcept;
void v8wire_graph_edge(V8WireEngine* engine, v8::EmbedderGraph* graph, void* from, void* to, const uint8_t* name,
                       size_t length) noexcept;

// hooks.cc
/// Null to remove it. Promises are numbered from 1; a parent of 0 is none.
void v8wire_set_promise_hook(V8WireEngine* engine,
                             void (*hook)(void* data, int32_t event, V8WirePromise* promise, double id, double parent),
                             void* data) noexcept;
/// Whether the hook is called. Touches nothing of V8.
void v8wire_want_promises(V8WireEngine* engine, bool wanted) noexcept;
/// 0 pending, 1 fulfilled, 2 rejected.
int32_t v8wire_promise_state(V8WirePromise* promise) noexcept;
/// The promise itself, or what it was settled with.
V8WireHandle* v8wire_promise_handle(V8WirePromise* promise, bool result) noexcept;
void v8wire_set_gc_hook(V8WireEngine* engine, void (*hook)(void* data, int32_t type, bool begin), void* data) noexcept;

// inspector.cc
/// Sends a message of the inspector protocol and gives the answer; false where there is no inspector.
bool v8wire_inspect(V8WireEngine* engine, const uint8_t* message, size_t length, V8WireBytes* answer) noexcept;
void v8wire_inspector_free(V8WireInspector* inspector) noexcept;
bool v8wire_parse_json(V8WireEngine* engine, const uint8_t* text, size_t length, V8WireHandle** result,
                       V8WireFailure* failure) noexcept;

// startup.cc
/// Runs the prelude and the script in a new isolate, then the prelude's `serialize`, and gives V8's blob.
bool v8wire_build_startup(const uint8_t* prelude, size_t prelude_length, const uint8_t* source, size_t length,
                          const uint8_t* name, size_t name_length, V8WireBytes* blob, V8WireFailure* failure) noexcept;
bool v8wire_startup_is_valid(const uint8_t* blob, size_t length) noexcept;
/// Runs the prelude's `deserialize` in an engine that was made from such a blob.
bool v8wire_run_startup(V8WireEngine* engine, V8WireFailure* failure) noexcept;
}

// Shared by the shim's files.
namespace v8wire {

/// A copy that lives as long as the engine.
const char* Intern(V8WireEngine* engine, const uint8_t* name, size_t length);

v8::Platform* Platform();

/// The newest string that fits; empty where it would be too long for V8.
v8::MaybeLocal<v8::String> String(v8::Isolate* isolate, const uint8_t* text, size_t length);
v8::Local<v8::String> Literal(v8::Isolate* isolate, const char* text);
V8WireBytes Copy(const void* data, size_t length);
V8WireBytes Utf8(v8::Isolate* isolate, v8::Local<v8::Value> value);
/// What the exception says.
void Describe(v8::Isolate* isolate, v8::Local<v8::Context> context, const v8::TryCatch& caught,
              V8WireFailure* failure);
void Say(V8WireFailure* failure, const char* message);
V8WireHandle* Keep(v8::Isolate* isolate, v8::Local<v8::Value> value);
/// Compiles and runs, then runs the microtasks and the tasks that are due.
bool Run(v8::Isolate* isolate, v8::Local<v8::Context> context, v8::Local<v8::String> source,
         v8::Local<v8::Value> name, v8::Local<v8::Value>* result);
/// What all isolates need: who answers for memory, and how much stack there is.
void Prepare(v8::Isolate* isolate);

/// The engine entered: isolate, handles, context, and exceptions caught.
class Entered {
 public:
  explicit Entered(V8WireEngine* engine)
      : isolate(engine->isolate),
        isolate_scope_(isolate),
        handles_(isolate),
        context(engine->context.Get(isolate)),
        context_scope_(context),
        caught(isolate) {}

  /// Reports the exception; gives false.
  bool Fail(V8WireFailure* failure) {
    Describe(isolate, context, caught, failure);
    return false;
  }

  v8::Isolate* const isolate;

 private:
  v8::Isolate::Scope isolate_scope_;
  v8::HandleScope handles_;

 public:
  const v8::Local<v8::Context> context;

 private:
  v8::Context::Scope context_scope_;

 public:
  v8::TryCatch caught;
};

}  // namespace v8wire

#endif  // V8WIRE_SHIM_H_
