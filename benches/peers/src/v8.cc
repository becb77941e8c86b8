// V8's own ValueSerializer and ValueDeserializer, in this process.

#include <libplatform/libplatform.h>
#include <v8.h>

#include <cstdint>
#include <cstdlib>

namespace {

struct Engine {
  std::unique_ptr<v8::Platform> platform;
  std::unique_ptr<v8::ArrayBuffer::Allocator> allocator;
  v8::Isolate* isolate;
  v8::Global<v8::Context> context;
  v8::Global<v8::Value> kept;
};

Engine* engine;

v8::MaybeLocal<v8::Value> Read(v8::Local<v8::Context> context, const uint8_t* data, size_t size) {
  v8::ValueDeserializer deserializer(engine->isolate, data, size);
  bool good;
  if (!deserializer.ReadHeader(context).To(&good) || !good) return {};
  return deserializer.ReadValue(context);
}

template <typename Body>
auto Within(Body body) {
  v8::Isolate::Scope isolate_scope(engine->isolate);
  v8::HandleScope handles(engine->isolate);
  v8::Local<v8::Context> context = engine->context.Get(engine->isolate);
  v8::Context::Scope context_scope(context);
  return body(context);
}

}  // namespace

extern "C" {

void peers_v8_start() {
  engine = new Engine();
  engine->platform = v8::platform::NewDefaultPlatform();
  v8::V8::InitializePlatform(engine->platform.get());
  v8::V8::Initialize();
  engine->allocator.reset(v8::ArrayBuffer::Allocator::NewDefaultAllocator());
  v8::Isolate::CreateParams params;
  params.array_buffer_allocator = engine->allocator.get();
  engine->isolate = v8::Isolate::New(params);
  v8::Isolate::Scope isolate_scope(engine->isolate);
  v8::HandleScope handles(engine->isolate);
  engine->context.Reset(engine->isolate, v8::Context::New(engine->isolate));
}

const char* peers_v8_version() { return v8::V8::GetVersion(); }

// Reads a value and forgets it.
bool peers_v8_read(const uint8_t* data, size_t size) {
  return Within([&](v8::Local<v8::Context> context) {
    return !Read(context, data, size).IsEmpty();
  });
}

// Reads a value and keeps it, to be written.
bool peers_v8_keep(const uint8_t* data, size_t size) {
  return Within([&](v8::Local<v8::Context> context) {
    v8::Local<v8::Value> value;
    if (!Read(context, data, size).ToLocal(&value)) return false;
    engine->kept.Reset(engine->isolate, value);
    return true;
  });
}

// Writes the kept value. The bytes are the caller's, who gives them to peers_v8_free.
uint8_t* peers_v8_write(size_t* size) {
  return Within([&](v8::Local<v8::Context> context) -> uint8_t* {
    v8::ValueSerializer serializer(engine->isolate);
    serializer.WriteHeader();
    bool good;
    if (!serializer.WriteValue(context, engine->kept.Get(engine->isolate)).To(&good) || !good) {
      return nullptr;
    }
    auto [data, length] = serializer.Release();
    *size = length;
    return data;
  });
}

void peers_v8_free(uint8_t* data) { std::free(data); }
}
