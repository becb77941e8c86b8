// V8 itself, isolates, scripts and handles.

#include "shim.h"

#include <cstdio>
#include <ctime>

#if defined(__linux__) || defined(__APPLE__)
#include <pthread.h>
#endif

namespace v8wire {
namespace {

// Lives as long as the process: V8 cannot be started twice.
v8::Platform* platform = nullptr;

void OnFatalError(const char* location, const char* message) {
  std::fprintf(stderr, "v8wire: V8 cannot go on: %s: %s\n", location ? location : "?", message ? message : "?");
  std::fflush(stderr);
  std::abort();
}

void OnOutOfMemory(const char* location, bool heap) {
  std::fprintf(stderr, "v8wire: V8 cannot go on: %s: %s\n", location ? location : "?",
               heap ? "JavaScript heap out of memory" : "out of memory");
  std::fflush(stderr);
  std::abort();
}

/// The lowest address of this thread's stack; 0 where that is not known.
uintptr_t StackBottom() {
  uintptr_t bottom = 0;
#if defined(__linux__)
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return 0;
  void* address = nullptr;
  size_t size = 0;
  if (pthread_attr_getstack(&attributes, &address, &size) == 0) bottom = reinterpret_cast<uintptr_t>(address);
  pthread_attr_destroy(&attributes);
#elif defined(__APPLE__)
  bottom = reinterpret_cast<uintptr_t>(pthread_get_stackaddr_np(pthread_self())) -
           pthread_get_stacksize_np(pthread_self());
#endif
  return bottom;
}

/// V8 takes about 1 MB below this place for granted. Where the thread has less, scripts get less.
void LimitStack(v8::Isolate* isolate) {
  constexpr uintptr_t kWanted = 1 << 20;
  // For what V8 does in C++ beyond its limit, and the callbacks in Rust.
  constexpr uintptr_t kSpare = 128 << 10;
  uintptr_t bottom = StackBottom();
  uintptr_t here = reinterpret_cast<uintptr_t>(&bottom);
  if (bottom != 0 && here - bottom < kWanted + kSpare) {
    isolate->SetStackLimit(here - bottom > kSpare ? bottom + kSpare : here);
  }
}

}  // namespace

v8::Platform* Platform() { return platform; }

v8::MaybeLocal<v8::String> String(v8::Isolate* isolate, const uint8_t* text, size_t length) {
  if (length > static_cast<size_t>(v8::String::kMaxLength)) {
    isolate->ThrowException(v8::Exception::RangeError(Literal(isolate, "Invalid string length")));
    return {};
  }
  return v8::String::NewFromUtf8(isolate, reinterpret_cast<const char*>(text), v8::NewStringType::kNormal,
                                 static_cast<int>(length));
}

v8::Local<v8::String> Literal(v8::Isolate* isolate, const char* text) {
  return v8::String::NewFromUtf8(isolate, text).ToLocalChecked();
}

V8WireBytes Copy(const void* data, size_t length) {
  V8WireBytes bytes{nullptr, length};
  if (length > 0) {
    bytes.data = static_cast<uint8_t*>(std::malloc(length));
    if (!bytes.data) std::abort();
    std::memcpy(bytes.data, data, length);
  }
  return bytes;
}

V8WireBytes Utf8(v8::Isolate* isolate, v8::Local<v8::Value> value) {
  v8::String::Utf8Value text(isolate, value);
  return *text ? Copy(*text, static_cast<size_t>(text.length())) : V8WireBytes{nullptr, 0};
}

void Describe(v8::Isolate* isolate, v8::Local<v8::Context> context, const v8::TryCatch& caught,
              V8WireFailure* failure) {
  if (caught.HasTerminated()) return Say(failure, "the script was terminated");
  if (!caught.HasCaught()) return Say(failure, "V8 gave no value and no exception");
  // What it says may be a script's doing, and throw in turn.
  v8::TryCatch inner(isolate);
  failure->message = Utf8(isolate, caught.Exception());
  v8::Local<v8::Value> stack;
  if (caught.StackTrace(context).ToLocal(&stack) && stack->IsString()) failure->stack = Utf8(isolate, stack);
  v8::Local<v8::Message> message = caught.Message();
  if (message.IsEmpty()) return;
  if (!failure->message.data) failure->message = Utf8(isolate, message->Get());
  v8::Local<v8::Value> script = message->GetScriptResourceName();
  if (!script.IsEmpty() && script->IsString()) failure->script = Utf8(isolate, script);
  failure->line = message->GetLineNumber(context).FromMaybe(0);
  failure->column = failure->line ? message->GetStartColumn(context).FromMaybe(-1) + 1 : 0;
}

void Say(V8WireFailure* failure, const char* message) { failure->message = Copy(message, std::strlen(message)); }

V8WireHandle* Keep(v8::Isolate* isolate, v8::Local<v8::Value> value) {
  return new V8WireHandle{v8::Global<v8::Value>(isolate, value)};
}

bool Run(v8::Isolate* isolate, v8::Local<v8::Context> context, v8::Local<v8::String> source,
         v8::Local<v8::Value> name, v8::Local<v8::Value>* result) {
#if V8_MAJOR_VERSION >= 12
  v8::ScriptOrigin origin(name);
#else
  v8::ScriptOrigin origin(isolate, name);
#endif
  v8::Local<v8::Script> script;
  if (!v8::Script::Compile(context, source, &origin).ToLocal(&script)) return false;
  bool ran = script->Run(context).ToLocal(result);
  if (isolate->IsExecutionTerminating()) return false;
  // Also behind an exception, as Node does. What a microtask throws is nobody's.
  v8::TryCatch ignored(isolate);
  do {
    isolate->PerformMicrotaskCheckpoint();
  } while (v8::platform::PumpMessageLoop(Platform(), isolate));
  return ran;
}

void Prepare(v8::Isolate* isolate) {
  isolate->SetMicrotasksPolicy(v8::MicrotasksPolicy::kExplicit);
  isolate->SetCaptureStackTraceForUncaughtExceptions(false);
  isolate->SetFatalErrorHandler(OnFatalError);
  LimitStack(isolate);
#if V8_MAJOR_VERSION >= 11
  isolate->SetOOMErrorHandler(
      [](const char* location, const v8::OOMDetails& details) { OnOutOfMemory(location, details.is_heap_oom); });
#else
  isolate->SetOOMErrorHandler(OnOutOfMemory);
#endif
}

}  // namespace v8wire

using v8wire::Entered;

extern "C" {

void v8wire_start() noexcept {
#if V8_MAJOR_VERSION > 10 || (V8_MAJOR_VERSION == 10 && V8_MINOR_VERSION >= 5)
  // Newer V8s write-protect their flags here, and die when one is changed.
  v8::V8::SetFlagsFromString("--no-freeze-flags-after-init");
#endif
  v8wire::platform = v8::platform::NewDefaultPlatform().release();
  v8::V8::InitializePlatform(v8wire::platform);
  v8::V8::Initialize();
}

const char* v8wire_version() noexcept { return v8::V8::GetVersion(); }

uint32_t v8wire_cached_data_version_tag() noexcept { return v8::ScriptCompiler::CachedDataVersionTag(); }

int32_t v8wire_set_flags(int32_t argc, char** argv) noexcept {
  int count = argc;
  v8::V8::SetFlagsFromCommandLine(&count, argv, true);
  // The other way in also sees to flags that others imply, and to the version tag.
  v8::V8::SetFlagsFromString("");
  return count;
}

void v8wire_local_time(V8WireLocalTime* out) noexcept {
  std::time_t now = std::time(nullptr);
  std::tm local{};
#ifdef _WIN32
  localtime_s(&local, &now);
#else
  localtime_r(&now, &local);
#endif
  *out = {local.tm_year + 1900, local.tm_mon + 1, local.tm_mday, local.tm_hour, local.tm_min, local.tm_sec};
}

void v8wire_free(V8WireBytes bytes) noexcept { std::free(bytes.data); }

V8WireEngine* v8wire_engine_new(uint64_t heap_limit, const uint8_t* blob, size_t blob_length) noexcept {
  v8::Isolate::CreateParams params;
  v8::StartupData startup{reinterpret_cast<const char*>(blob), static_cast<int>(blob_length)};
  if (blob) params.snapshot_blob = &startup;
  if (heap_limit) params.constraints.set_max_old_generation_size_in_bytes(static_cast<size_t>(heap_limit));
  auto* engine = new V8WireEngine();
  engine->allocator.reset(v8::ArrayBuffer::Allocator::NewDefaultAllocator());
  params.array_buffer_allocator_shared = engine->allocator;
  engine->isolate = v8::Isolate::Allocate();
  v8::Isolate* isolate = engine->isolate;
  v8::Isolate::Initialize(isolate, params);
  v8wire::Prepare(isolate);
  isolate->SetData(0, engine);
  v8::Isolate::Scope isolate_scope(isolate);
  v8::HandleScope handles(isolate);
  engine->context.Reset(isolate, v8::Context::New(isolate));
  return engine;
}

void v8wire_engine_free(V8WireEngine* engine) noexcept {
  v8::Isolate* isolate = engine->isolate;
  // Whoever these call is on the way out.
  v8wire_set_gc_hook(engine, nullptr, nullptr);
  v8wire_set_promise_hook(engine, nullptr, nullptr);
  if (engine->heap_limit_hook) v8wire_remove_heap_limit_hook(engine);
  {
    v8::Isolate::Scope isolate_scope(isolate);
    if (engine->inspector) v8wire_inspector_free(engine->inspector);
    engine->buffer_prototype.Reset();
    engine->promise_key.Reset();
    engine->context.Reset();
    // Tasks hold memory, and some want the isolate.
    while (v8::platform::PumpMessageLoop(v8wire::Platform(), isolate)) {
    }
  }
  v8::platform::NotifyIsolateShutdown(v8wire::Platform(), isolate);
  isolate->Dispose();
  delete engine;
}

bool v8wire_eval(V8WireEngine* engine, const uint8_t* source, size_t length, const uint8_t* name, size_t name_length,
                 V8WireHandle** result, V8WireFailure* failure) noexcept {
  Entered entered(engine);
  v8::Local<v8::String> text, origin;
  v8::Local<v8::Value> value;
  if (!v8wire::String(entered.isolate, source, length).ToLocal(&text) ||
      !v8wire::String(entered.isolate, name, name_length).ToLocal(&origin) ||
      !v8wire::Run(entered.isolate, entered.context, text, origin, &value)) {
    return entered.Fail(failure);
  }
  *result = v8wire::Keep(entered.isolate, value);
  return true;
}

bool v8wire_set_global(V8WireEngine* engine, const uint8_t* name, size_t length, V8WireHandle* value,
                       V8WireFailure* failure) noexcept {
  Entered entered(engine);
  v8::Local<v8::String> key;
  if (!v8wire::String(entered.isolate, name, length).ToLocal(&key) ||
      entered.context->Global()->Set(entered.context, key, value->value.Get(entered.isolate)).IsNothing()) {
    return entered.Fail(failure);
  }
  return true;
}

bool v8wire_to_string(V8WireEngine* engine, V8WireHandle* value, V8WireBytes* text, V8WireFailure* failure) noexcept {
  Entered entered(engine);
  v8::Local<v8::String> string;
  if (!value->value.Get(entered.isolate)->ToDetailString(entered.context).ToLocal(&string)) {
    return entered.Fail(failure);
  }
  *text = v8wire::Utf8(entered.isolate, string);
  return true;
}

V8WireHandle* v8wire_handle_clone(V8WireEngine* engine, V8WireHandle* handle) noexcept {
  return new V8WireHandle{v8::Global<v8::Value>(engine->isolate, handle->value)};
}

void v8wire_handle_free(V8WireEngine*, V8WireHandle* handle) noexcept { delete handle; }

void v8wire_collect_garbage(V8WireEngine* engine) noexcept {
  v8::Isolate::Scope isolate_scope(engine->isolate);
  engine->isolate->LowMemoryNotification();
}

}  // extern "C"
