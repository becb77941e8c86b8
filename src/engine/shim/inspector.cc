// The inspector protocol: a message in, its answer out.

#include "shim.h"

#if defined(__has_include)
#if __has_include(<v8-inspector.h>)
#define V8WIRE_HAS_INSPECTOR 1
#include <v8-inspector.h>
#endif
#endif

using v8wire::Entered;

#ifdef V8WIRE_HAS_INSPECTOR

namespace {

constexpr int kGroup = 1;

/// As UTF-8. The protocol's messages are one-byte unless they quote something that is not.
std::string Text(v8::Isolate* isolate, const v8_inspector::StringView& view) {
  v8::HandleScope handles(isolate);
  v8::Local<v8::String> text;
  int length = static_cast<int>(view.length());
  if (!(view.is8Bit()
            ? v8::String::NewFromOneByte(isolate, view.characters8(), v8::NewStringType::kNormal, length)
            : v8::String::NewFromTwoByte(isolate, view.characters16(), v8::NewStringType::kNormal, length))
           .ToLocal(&text)) {
    return {};
  }
  v8::String::Utf8Value utf8(isolate, text);
  return std::string(*utf8, static_cast<size_t>(utf8.length()));
}

}  // namespace

struct V8WireInspector final : v8_inspector::V8InspectorClient, v8_inspector::V8Inspector::Channel {
  explicit V8WireInspector(V8WireEngine* engine)
      : isolate(engine->isolate),
        context(isolate, engine->context),
        inspector(v8_inspector::V8Inspector::create(isolate, this)) {
    v8_inspector::StringView name;
    inspector->contextCreated(v8_inspector::V8ContextInfo(context.Get(isolate), kGroup, name));
#if V8_MAJOR_VERSION >= 11
    session = inspector->connect(kGroup, this, {}, v8_inspector::V8Inspector::kFullyTrusted);
#else
    session = inspector->connect(kGroup, this, {});
#endif
  }

  void sendResponse(int, std::unique_ptr<v8_inspector::StringBuffer> message) override {
    answer = Text(isolate, message->string());
  }
  void sendNotification(std::unique_ptr<v8_inspector::StringBuffer>) override {}
  void flushProtocolNotifications() override {}
  v8::Local<v8::Context> ensureDefaultContextInGroup(int) override { return context.Get(isolate); }

  v8::Isolate* isolate;
  v8::Global<v8::Context> context;
  std::unique_ptr<v8_inspector::V8Inspector> inspector;
  std::unique_ptr<v8_inspector::V8InspectorSession> session;
  std::string answer;
};

#else

struct V8WireInspector {};

#endif

extern "C" {

bool v8wire_inspect(V8WireEngine* engine, const uint8_t* message, size_t length, V8WireBytes* answer) noexcept {
#ifdef V8WIRE_HAS_INSPECTOR
  Entered entered(engine);
  if (!engine->inspector) engine->inspector = new V8WireInspector(engine);
  engine->inspector->session->dispatchProtocolMessage(v8_inspector::StringView(message, length));
  *answer = v8wire::Copy(engine->inspector->answer.data(), engine->inspector->answer.size());
  engine->inspector->answer.clear();
  return true;
#else
  (void)engine, (void)message, (void)length, (void)answer;
  return false;
#endif
}

void v8wire_inspector_free(V8WireInspector* inspector) noexcept {
#ifdef V8WIRE_HAS_INSPECTOR
  {
    v8::HandleScope handles(inspector->isolate);
    inspector->session.reset();
    inspector->inspector->contextDestroyed(inspector->context.Get(inspector->isolate));
    inspector->inspector.reset();
  }
#endif
  delete inspector;
}

bool v8wire_parse_json(V8WireEngine* engine, const uint8_t* text, size_t length, V8WireHandle** result,
                       V8WireFailure* failure) noexcept {
  Entered entered(engine);
  v8::Local<v8::String> json;
  v8::Local<v8::Value> value;
  if (!v8wire::String(entered.isolate, text, length).ToLocal(&json) ||
      !v8::JSON::Parse(entered.context, json).ToLocal(&value)) {
    return entered.Fail(failure);
  }
  *result = v8wire::Keep(entered.isolate, value);
  return true;
}

}  // extern "C"
