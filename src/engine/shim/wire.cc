// V8's own ValueSerializer and ValueDeserializer.

#include "shim.h"

using v8wire::Entered;

struct V8WireHostReader {
  V8WireEngine* engine;
  v8::Isolate* isolate;
  v8::ValueDeserializer* deserializer;
  v8::Local<v8::Object> result;
  /// Whether V8 has thrown already: that exception says more than a later one.
  bool thrown;
};

struct V8WireHostWriter {
  V8WireEngine* engine;
  v8::Isolate* isolate;
  v8::ValueSerializer* serializer;
  v8::Local<v8::Object> object;
};

namespace {

void Throw(v8::Isolate* isolate, const uint8_t* message, size_t length) {
  v8::Local<v8::String> text;
  if (v8wire::String(isolate, message, length).ToLocal(&text)) {
    isolate->ThrowException(v8::Exception::Error(text));
  }
}

v8::Local<v8::Value> GetPrototype(v8::Local<v8::Object> object) {
#if V8_MAJOR_VERSION == 14
  return object->GetPrototypeV2();
#else
  return object->GetPrototype();
#endif
}

bool SetPrototype(v8::Local<v8::Context> context, v8::Local<v8::Object> object, v8::Local<v8::Value> prototype) {
#if V8_MAJOR_VERSION == 14
  return object->SetPrototypeV2(context, prototype).FromMaybe(false);
#else
  return object->SetPrototype(context, prototype).FromMaybe(false);
#endif
}

/// What Buffers have in place of `Uint8Array.prototype`, which stands above it, as in Node. No script
/// is run for it, and none that ran before has a say.
v8::Local<v8::Object> BufferPrototype(V8WireEngine* engine, v8::Isolate* isolate) {
  if (engine->buffer_prototype.IsEmpty()) {
    v8::Local<v8::Object> array = v8::Uint8Array::New(v8::ArrayBuffer::New(isolate, 0), 0, 0);
    v8::Local<v8::Object> made = v8::Object::New(isolate);
    SetPrototype(engine->context.Get(isolate), made, GetPrototype(array));
    engine->buffer_prototype.Reset(isolate, made);
  }
  return engine->buffer_prototype.Get(isolate);
}

/// Whether it was made as one; nothing that a script could have a hand in is called.
bool IsBuffer(V8WireEngine* engine, v8::Isolate* isolate, v8::Local<v8::Object> object) {
  return !engine->buffer_prototype.IsEmpty() &&
         GetPrototype(object)->StrictEquals(engine->buffer_prototype.Get(isolate));
}

v8::MaybeLocal<v8::Object> MakeView(V8WireEngine* engine, v8::Isolate* isolate, uint32_t kind, const uint8_t* data,
                                    size_t length) {
  v8::Local<v8::ArrayBuffer> buffer = v8::ArrayBuffer::New(isolate, length);
  if (length > 0) std::memcpy(buffer->GetBackingStore()->Data(), data, length);
  switch (kind) {
    case 0: return v8::Int8Array::New(buffer, 0, length);
    case 1: return v8::Uint8Array::New(buffer, 0, length);
    case 2: return v8::Uint8ClampedArray::New(buffer, 0, length);
    case 3: return v8::Int16Array::New(buffer, 0, length / 2);
    case 4: return v8::Uint16Array::New(buffer, 0, length / 2);
    case 5: return v8::Int32Array::New(buffer, 0, length / 4);
    case 6: return v8::Uint32Array::New(buffer, 0, length / 4);
    case 7: return v8::Float32Array::New(buffer, 0, length / 4);
    case 8: return v8::Float64Array::New(buffer, 0, length / 8);
    case 9: return v8::DataView::New(buffer, 0, length);
    case 10: {
      v8::Local<v8::Object> array = v8::Uint8Array::New(buffer, 0, length);
      SetPrototype(engine->context.Get(isolate), array, BufferPrototype(engine, isolate));
      return array;
    }
    case 11: return v8::BigInt64Array::New(buffer, 0, length / 8);
    case 12: return v8::BigUint64Array::New(buffer, 0, length / 8);
#if V8_MAJOR_VERSION >= 13
    case 13: return v8::Float16Array::New(buffer, 0, length / 2);
#endif
    default: {
      static const char message[] = "this V8 has no such view";
      Throw(isolate, reinterpret_cast<const uint8_t*>(message), sizeof message - 1);
      return {};
    }
  }
}

class Writer final : public v8::ValueSerializer::Delegate {
 public:
  Writer(V8WireEngine* engine, const V8WireSerializeOptions* options) : engine_(engine), options_(options) {}

  v8::ValueSerializer* serializer = nullptr;
  bool not_cloneable = false;

  void ThrowDataCloneError(v8::Local<v8::String> message) override {
    not_cloneable = true;
    engine_->isolate->ThrowException(v8::Exception::Error(message));
  }

  v8::Maybe<bool> WriteHostObject(v8::Isolate* isolate, v8::Local<v8::Object> object) override {
    if (!options_->write_host) return Delegate::WriteHostObject(isolate, object);
    V8WireHostWriter writer{engine_, isolate, serializer, object};
    return options_->write_host(options_->data, &writer) ? v8::Just(true) : v8::Nothing<bool>();
  }

  v8::Maybe<uint32_t> GetSharedArrayBufferId(v8::Isolate* isolate, v8::Local<v8::SharedArrayBuffer> buffer) override {
    return Number(isolate, 0, &shared_, buffer);
  }

  v8::Maybe<uint32_t> GetWasmModuleTransferId(v8::Isolate* isolate, v8::Local<v8::WasmModuleObject> module) override {
    return Number(isolate, 1, &modules_, module);
  }

 private:
  v8::Maybe<uint32_t> Number(v8::Isolate* isolate, int32_t what, std::vector<v8::Local<v8::Value>>* seen,
                             v8::Local<v8::Value> value) {
    for (size_t i = 0; i < seen->size(); i++) {
      if ((*seen)[i]->StrictEquals(value)) return v8::Just(static_cast<uint32_t>(i));
    }
    seen->push_back(value);
    options_->external(options_->data, what, v8wire::Keep(isolate, value));
    return v8::Just(static_cast<uint32_t>(seen->size() - 1));
  }

  V8WireEngine* engine_;
  const V8WireSerializeOptions* options_;
  std::vector<v8::Local<v8::Value>> shared_;
  std::vector<v8::Local<v8::Value>> modules_;
};

class Reader final : public v8::ValueDeserializer::Delegate {
 public:
  Reader(V8WireEngine* engine, const V8WireDeserializeOptions* options) : engine_(engine), options_(options) {}

  v8::ValueDeserializer* deserializer = nullptr;

  v8::MaybeLocal<v8::Object> ReadHostObject(v8::Isolate* isolate) override {
    if (!options_->read_host) return Delegate::ReadHostObject(isolate);
    V8WireHostReader reader{engine_, isolate, deserializer, {}, false};
    if (!options_->read_host(options_->data, &reader)) return {};
    return reader.result;
  }

  v8::MaybeLocal<v8::SharedArrayBuffer> GetSharedArrayBufferFromId(v8::Isolate* isolate, uint32_t id) override {
    v8::Local<v8::Value> found = Find(isolate, options_->shared, options_->shared_count, id);
    if (!found.IsEmpty() && found->IsSharedArrayBuffer()) return found.As<v8::SharedArrayBuffer>();
    return Delegate::GetSharedArrayBufferFromId(isolate, id);
  }

  v8::MaybeLocal<v8::WasmModuleObject> GetWasmModuleFromId(v8::Isolate* isolate, uint32_t id) override {
    v8::Local<v8::Value> found = Find(isolate, options_->modules, options_->module_count, id);
    if (!found.IsEmpty() && found->IsWasmModuleObject()) return found.As<v8::WasmModuleObject>();
    return Delegate::GetWasmModuleFromId(isolate, id);
  }

 private:
  static v8::Local<v8::Value> Find(v8::Isolate* isolate, const V8WireNumbered* list, size_t count, uint32_t id) {
    for (size_t i = 0; i < count; i++) {
      if (list[i].id == id) return list[i].handle->value.Get(isolate);
    }
    return {};
  }

  V8WireEngine* engine_;
  const V8WireDeserializeOptions* options_;
};

}  // namespace

extern "C" {

bool v8wire_serialize(V8WireEngine* engine, V8WireHandle* value, const V8WireSerializeOptions* options,
                      V8WireBytes* bytes, V8WireFailure* failure) noexcept {
  Entered entered(engine);
  Writer delegate(engine, options);
  v8::ValueSerializer serializer(entered.isolate, &delegate);
  delegate.serializer = &serializer;
  serializer.SetTreatArrayBufferViewsAsHostObjects(options->views_as_host_objects);
  for (size_t i = 0; i < options->transfer_count; i++) {
    v8::Local<v8::Value> buffer = options->transfers[i].handle->value.Get(entered.isolate);
    if (!buffer->IsArrayBuffer()) {
      v8wire::Say(failure, "only an ArrayBuffer can be transferred");
      return false;
    }
    serializer.TransferArrayBuffer(options->transfers[i].id, buffer.As<v8::ArrayBuffer>());
  }
  serializer.WriteHeader();
  bool written = serializer.WriteValue(entered.context, value->value.Get(entered.isolate)).FromMaybe(false);
  std::pair<uint8_t*, size_t> buffer = serializer.Release();
  if (!written) {
    std::free(buffer.first);
    failure->not_cloneable = delegate.not_cloneable;
    return entered.Fail(failure);
  }
  // V8 allocates by realloc where the delegate does not.
  *bytes = {buffer.first, buffer.second};
  return true;
}

bool v8wire_deserialize(V8WireEngine* engine, const uint8_t* data, size_t length,
                        const V8WireDeserializeOptions* options, V8WireDeserialized* result,
                        V8WireFailure* failure) noexcept {
  Entered entered(engine);
  // Who does nothing but this for hours has tasks to be run all the same.
  if (++engine->calls % 1024 == 0) {
    while (v8::platform::PumpMessageLoop(v8wire::Platform(), entered.isolate)) {
    }
  }
  Reader delegate(engine, options);
  v8::ValueDeserializer deserializer(entered.isolate, data, length, &delegate);
  delegate.deserializer = &deserializer;
  deserializer.SetSupportsLegacyWireFormat(options->legacy);
  for (size_t i = 0; i < options->transfer_count; i++) {
    v8::Local<v8::Value> buffer = options->transfers[i].handle->value.Get(entered.isolate);
    uint32_t id = options->transfers[i].id;
    if (buffer->IsArrayBuffer()) {
      deserializer.TransferArrayBuffer(id, buffer.As<v8::ArrayBuffer>());
    } else if (buffer->IsSharedArrayBuffer()) {
      deserializer.TransferSharedArrayBuffer(id, buffer.As<v8::SharedArrayBuffer>());
    } else {
      v8wire::Say(failure, "only an ArrayBuffer or SharedArrayBuffer can be transferred");
      return false;
    }
  }
  v8::Local<v8::Value> value;
  if (deserializer.ReadHeader(entered.context).IsNothing() ||
      !deserializer.ReadValue(entered.context).ToLocal(&value)) {
    return entered.Fail(failure);
  }
  // No bytes, but the place where they would be.
  const void* position = nullptr;
  result->consumed = deserializer.ReadRawBytes(0, &position)
                         ? static_cast<size_t>(static_cast<const uint8_t*>(position) - data)
                         : length;
  result->version = deserializer.GetWireFormatVersion();
  result->value = v8wire::Keep(entered.isolate, value);
  return true;
}

bool v8wire_read_uint32(V8WireHostReader* reader, uint32_t* value) noexcept {
  return reader->deserializer->ReadUint32(value);
}

bool v8wire_read_uint64(V8WireHostReader* reader, uint64_t* value) noexcept {
  return reader->deserializer->ReadUint64(value);
}

bool v8wire_read_double(V8WireHostReader* reader, double* value) noexcept {
  return reader->deserializer->ReadDouble(value);
}

bool v8wire_read_raw_bytes(V8WireHostReader* reader, size_t length, const uint8_t** data) noexcept {
  const void* found = nullptr;
  if (!reader->deserializer->ReadRawBytes(length, &found)) return false;
  *data = static_cast<const uint8_t*>(found);
  return true;
}

bool v8wire_read_value(V8WireHostReader* reader) noexcept {
  v8::Local<v8::Value> value;
  if (!reader->deserializer->ReadValue(reader->engine->context.Get(reader->isolate)).ToLocal(&value)) {
    reader->thrown = true;
    return false;
  }
  if (!value->IsObject()) return false;
  reader->result = value.As<v8::Object>();
  return true;
}

bool v8wire_read_view(V8WireHostReader* reader, uint32_t kind, const uint8_t* data, size_t length) noexcept {
  if (MakeView(reader->engine, reader->isolate, kind, data, length).ToLocal(&reader->result)) return true;
  reader->thrown = true;
  return false;
}

void v8wire_read_failed(V8WireHostReader* reader, const uint8_t* message, size_t length) noexcept {
  if (!reader->thrown) Throw(reader->isolate, message, length);
}

bool v8wire_write_view(V8WireHostWriter* writer, uint32_t* kind, V8WireBytes* bytes) noexcept {
  v8::Local<v8::Object> object = writer->object;
  if (!object->IsArrayBufferView()) return false;
  if (IsBuffer(writer->engine, writer->isolate, object)) *kind = 10;
  else if (object->IsInt8Array()) *kind = 0;
  else if (object->IsUint8Array()) *kind = 1;
  else if (object->IsUint8ClampedArray()) *kind = 2;
  else if (object->IsInt16Array()) *kind = 3;
  else if (object->IsUint16Array()) *kind = 4;
  else if (object->IsInt32Array()) *kind = 5;
  else if (object->IsUint32Array()) *kind = 6;
  else if (object->IsFloat32Array()) *kind = 7;
  else if (object->IsFloat64Array()) *kind = 8;
  else if (object->IsDataView()) *kind = 9;
  else if (object->IsBigInt64Array()) *kind = 11;
  else if (object->IsBigUint64Array()) *kind = 12;
#if V8_MAJOR_VERSION >= 13
  else if (object->IsFloat16Array()) *kind = 13;
#endif
  else return false;
  v8::Local<v8::ArrayBufferView> view = object.As<v8::ArrayBufferView>();
  *bytes = {nullptr, view->ByteLength()};
  if (bytes->length > 0) {
    bytes->data = static_cast<uint8_t*>(std::malloc(bytes->length));
    if (!bytes->data) std::abort();
    view->CopyContents(bytes->data, bytes->length);
  }
  return true;
}

void v8wire_write_uint32(V8WireHostWriter* writer, uint32_t value) noexcept { writer->serializer->WriteUint32(value); }

void v8wire_write_uint64(V8WireHostWriter* writer, uint64_t value) noexcept { writer->serializer->WriteUint64(value); }

void v8wire_write_double(V8WireHostWriter* writer, double value) noexcept { writer->serializer->WriteDouble(value); }

void v8wire_write_raw_bytes(V8WireHostWriter* writer, const uint8_t* data, size_t length) noexcept {
  writer->serializer->WriteRawBytes(data, length);
}

void v8wire_write_failed(V8WireHostWriter* writer, const uint8_t* message, size_t length) noexcept {
  Throw(writer->isolate, message, length);
}

}  // extern "C"
