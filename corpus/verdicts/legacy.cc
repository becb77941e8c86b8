// Runs ask.cjs inside V8 10.2 (Debian's libnode) with delegates for everything
// that V8's deserializer can ask its embedder for, and with
// SetSupportsLegacyWireFormat(true). Built by scripts/fetch-v8.sh --build.
//
//   target/v8/legacy corpus/verdicts JOBS.jsonl START
//
// The script finds a global object `engine`:
//   args, here           what stood on the command line
//   readText(path), print(line)
//   deserialize(arrayBuffer, {legacy, transfers, shared, modules, host})
//     -> {value, left}; throws what V8 throws. `host` is called for every host
//     object with an object that has readUint32, readUint64, readDouble and
//     readValue.

#include <libplatform/libplatform.h>
#include <v8.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>

namespace {

v8::Local<v8::String> Str(v8::Isolate* isolate, const std::string& text) {
  return v8::String::NewFromUtf8(isolate, text.data(), v8::NewStringType::kNormal,
                                 static_cast<int>(text.size()))
      .ToLocalChecked();
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void ReadText(const v8::FunctionCallbackInfo<v8::Value>& info) {
  v8::String::Utf8Value path(info.GetIsolate(), info[0]);
  info.GetReturnValue().Set(Str(info.GetIsolate(), ReadFile(*path)));
}

void Print(const v8::FunctionCallbackInfo<v8::Value>& info) {
  v8::String::Utf8Value line(info.GetIsolate(), info[0]);
  std::printf("%s\n", *line);
  std::fflush(stdout);
}

class Delegate : public v8::ValueDeserializer::Delegate {
 public:
  Delegate(v8::Local<v8::Context> context, v8::Local<v8::Object> options)
      : context_(context), options_(options) {}

  v8::ValueDeserializer* deserializer = nullptr;

  v8::MaybeLocal<v8::Object> ReadHostObject(v8::Isolate* isolate) override {
    v8::Local<v8::Value> host = Option("host");
    if (!host->IsFunction()) {
      return v8::ValueDeserializer::Delegate::ReadHostObject(isolate);
    }
    v8::Local<v8::Object> reader = v8::Object::New(isolate);
    Method(reader, "readUint32", [](const v8::FunctionCallbackInfo<v8::Value>& info) {
      uint32_t value;
      if (Self(info)->ReadUint32(&value)) {
        info.GetReturnValue().Set(value);
      } else {
        Fail(info);
      }
    });
    Method(reader, "readUint64", [](const v8::FunctionCallbackInfo<v8::Value>& info) {
      uint64_t value;
      if (!Self(info)->ReadUint64(&value)) return Fail(info);
      // As Node gives it: the high and the low half.
      v8::Local<v8::Value> halves[] = {
          v8::Integer::NewFromUnsigned(info.GetIsolate(), static_cast<uint32_t>(value >> 32)),
          v8::Integer::NewFromUnsigned(info.GetIsolate(), static_cast<uint32_t>(value))};
      info.GetReturnValue().Set(v8::Array::New(info.GetIsolate(), halves, 2));
    });
    Method(reader, "readDouble", [](const v8::FunctionCallbackInfo<v8::Value>& info) {
      double value;
      if (!Self(info)->ReadDouble(&value)) return Fail(info);
      info.GetReturnValue().Set(value);
    });
    Method(reader, "readValue", [](const v8::FunctionCallbackInfo<v8::Value>& info) {
      v8::Local<v8::Value> value;
      if (Self(info)->ReadValue(info.GetIsolate()->GetCurrentContext()).ToLocal(&value)) {
        info.GetReturnValue().Set(value);
      }
    });
    v8::Local<v8::Value> arguments[] = {reader};
    v8::Local<v8::Value> made;
    // V8 forbids scripts while it reads.
    v8::Isolate::AllowJavascriptExecutionScope allow(isolate);
    if (!host.As<v8::Function>()
             ->Call(context_, v8::Undefined(isolate), 1, arguments)
             .ToLocal(&made)) {
      return {};
    }
    return made.As<v8::Object>();
  }

  v8::MaybeLocal<v8::SharedArrayBuffer> GetSharedArrayBufferFromId(v8::Isolate* isolate,
                                                                   uint32_t id) override {
    v8::Local<v8::Value> buffer = Option("shared").As<v8::Object>()->Get(context_, id).ToLocalChecked();
    if (!buffer->IsSharedArrayBuffer()) {
      return v8::ValueDeserializer::Delegate::GetSharedArrayBufferFromId(isolate, id);
    }
    return buffer.As<v8::SharedArrayBuffer>();
  }

  v8::MaybeLocal<v8::WasmModuleObject> GetWasmModuleFromId(v8::Isolate* isolate,
                                                           uint32_t id) override {
    v8::Local<v8::Value> module = Option("modules").As<v8::Object>()->Get(context_, id).ToLocalChecked();
    if (!module->IsWasmModuleObject()) {
      return v8::ValueDeserializer::Delegate::GetWasmModuleFromId(isolate, id);
    }
    return module.As<v8::WasmModuleObject>();
  }

  v8::Local<v8::Value> Option(const char* name) {
    return options_->Get(context_, Str(context_->GetIsolate(), name)).ToLocalChecked();
  }

 private:
  static v8::ValueDeserializer* Self(const v8::FunctionCallbackInfo<v8::Value>& info) {
    return static_cast<v8::ValueDeserializer*>(info.Data().As<v8::External>()->Value());
  }

  static void Fail(const v8::FunctionCallbackInfo<v8::Value>& info) {
    info.GetIsolate()->ThrowException(
        v8::Exception::Error(Str(info.GetIsolate(), "the host object's payload ends early")));
  }

  void Method(v8::Local<v8::Object> reader, const char* name, v8::FunctionCallback callback) {
    v8::Isolate* isolate = context_->GetIsolate();
    v8::Local<v8::Function> function =
        v8::Function::New(context_, callback, v8::External::New(isolate, deserializer))
            .ToLocalChecked();
    reader->Set(context_, Str(isolate, name), function).Check();
  }

  v8::Local<v8::Context> context_;
  v8::Local<v8::Object> options_;
};

void Deserialize(const v8::FunctionCallbackInfo<v8::Value>& info) {
  v8::Isolate* isolate = info.GetIsolate();
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  std::shared_ptr<v8::BackingStore> store = info[0].As<v8::ArrayBuffer>()->GetBackingStore();
  Delegate delegate(context, info[1].As<v8::Object>());
  v8::ValueDeserializer deserializer(isolate, static_cast<const uint8_t*>(store->Data()),
                                     store->ByteLength(), &delegate);
  delegate.deserializer = &deserializer;
  deserializer.SetSupportsLegacyWireFormat(delegate.Option("legacy")->BooleanValue(isolate));

  v8::Local<v8::Object> transfers = delegate.Option("transfers").As<v8::Object>();
  v8::Local<v8::Array> ids = transfers->GetOwnPropertyNames(context).ToLocalChecked();
  for (uint32_t i = 0; i < ids->Length(); i++) {
    v8::Local<v8::Value> id = ids->Get(context, i).ToLocalChecked();
    v8::Local<v8::Value> buffer = transfers->Get(context, id).ToLocalChecked();
    uint32_t number = id->Uint32Value(context).FromJust();
    if (buffer->IsSharedArrayBuffer()) {
      deserializer.TransferSharedArrayBuffer(number, buffer.As<v8::SharedArrayBuffer>());
    } else {
      deserializer.TransferArrayBuffer(number, buffer.As<v8::ArrayBuffer>());
    }
  }

  // An exception in either call goes on to the caller.
  v8::Local<v8::Value> value;
  if (deserializer.ReadHeader(context).IsNothing()) return;
  if (!deserializer.ReadValue(context).ToLocal(&value)) return;
  uint32_t left = 0;
  const void* byte;
  while (deserializer.ReadRawBytes(1, &byte)) left++;

  v8::Local<v8::Object> result = v8::Object::New(isolate);
  result->Set(context, Str(isolate, "value"), value).Check();
  result->Set(context, Str(isolate, "left"), v8::Integer::NewFromUnsigned(isolate, left)).Check();
  info.GetReturnValue().Set(result);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: legacy FOLDER-OF-ask.cjs JOBS.jsonl START\n";
    return 2;
  }
  std::unique_ptr<v8::Platform> platform = v8::platform::NewDefaultPlatform();
  v8::V8::InitializePlatform(platform.get());
  v8::V8::Initialize();
  v8::Isolate::CreateParams params;
  std::unique_ptr<v8::ArrayBuffer::Allocator> allocator(
      v8::ArrayBuffer::Allocator::NewDefaultAllocator());
  params.array_buffer_allocator = allocator.get();
  v8::Isolate* isolate = v8::Isolate::New(params);
  int status = 0;
  {
    v8::Isolate::Scope isolate_scope(isolate);
    v8::HandleScope handles(isolate);
    v8::Local<v8::Context> context = v8::Context::New(isolate);
    v8::Context::Scope context_scope(context);

    v8::Local<v8::Object> engine = v8::Object::New(isolate);
    v8::Local<v8::Value> args[] = {Str(isolate, argv[2]), Str(isolate, argv[3])};
    engine->Set(context, Str(isolate, "args"), v8::Array::New(isolate, args, 2)).Check();
    engine->Set(context, Str(isolate, "here"), Str(isolate, argv[1])).Check();
    auto method = [&](const char* name, v8::FunctionCallback callback) {
      engine->Set(context, Str(isolate, name),
                  v8::Function::New(context, callback).ToLocalChecked()).Check();
    };
    method("readText", ReadText);
    method("print", Print);
    method("deserialize", Deserialize);
    context->Global()->Set(context, Str(isolate, "engine"), engine).Check();

    v8::TryCatch caught(isolate);
    v8::Local<v8::Script> script;
    v8::Local<v8::Value> result;
    std::string source = ReadFile(std::string(argv[1]) + "/ask.cjs");
    if (!v8::Script::Compile(context, Str(isolate, source)).ToLocal(&script) ||
        !script->Run(context).ToLocal(&result)) {
      v8::String::Utf8Value message(isolate, caught.Exception());
      std::cerr << *message << "\n";
      status = 1;
    }
  }
  std::cout.flush();
  // Quick exit: nothing here needs V8 to be taken down in order.
  std::fflush(stdout);
  std::_Exit(status);
}
