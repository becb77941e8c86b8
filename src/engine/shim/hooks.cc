// Hooks of promises and of the garbage collector.

#include "shim.h"

namespace {

/// The promise's number: the one it has, or the next.
double Number(V8WireEngine* engine, v8::Isolate* isolate, v8::Local<v8::Promise> promise) {
  v8::Local<v8::Context> context = engine->context.Get(isolate);
  if (engine->promise_key.IsEmpty()) engine->promise_key.Reset(isolate, v8::Private::New(isolate));
  v8::Local<v8::Private> key = engine->promise_key.Get(isolate);
  v8::Local<v8::Value> number;
  if (promise->GetPrivate(context, key).ToLocal(&number) && number->IsNumber()) {
    return number.As<v8::Number>()->Value();
  }
  promise->SetPrivate(context, key, v8::Number::New(isolate, ++engine->promises)).FromMaybe(false);
  return engine->promises;
}

void OnPromise(v8::Isolate* isolate, v8::PromiseHookType type, v8::Local<v8::Promise> promise,
               v8::Local<v8::Value> parent) {
  auto* engine = static_cast<V8WireEngine*>(isolate->GetData(0));
  if (!engine->promises_wanted) return;
  v8::HandleScope handles(isolate);
  // Another exception may be under way; it is not ours.
  v8::TryCatch caught(isolate);
  double parent_number = !parent.IsEmpty() && parent->IsPromise() ? Number(engine, isolate, parent.As<v8::Promise>())
                                                                  : 0;
  V8WirePromise raw{engine, promise};
  double number = Number(engine, isolate, promise);
  engine->promise_hook(engine->promise_data, static_cast<int32_t>(type), &raw, number, parent_number);
}

// V8 has two kinds of promise hooks. Node's are functions of the context, which hear of each resolution
// once. V8s that were not built for Node may lack them; theirs, of the isolate, hear a little more.
#ifdef V8WIRE_CONTEXT_PROMISE_HOOKS

template <v8::PromiseHookType type>
v8::Local<v8::Function> Hook(v8::Local<v8::Context> context) {
  return v8::Function::New(context,
                           [](const v8::FunctionCallbackInfo<v8::Value>& info) {
                             if (info[0]->IsPromise()) {
                               OnPromise(info.GetIsolate(), type, info[0].As<v8::Promise>(), info[1]);
                             }
                           })
      .ToLocalChecked();
}

void SetHook(v8::Isolate* isolate, v8::Local<v8::Context> context, bool on) {
  v8::HandleScope handles(isolate);
  if (on) {
    context->SetPromiseHooks(Hook<v8::PromiseHookType::kInit>(context), Hook<v8::PromiseHookType::kBefore>(context),
                             Hook<v8::PromiseHookType::kAfter>(context), Hook<v8::PromiseHookType::kResolve>(context));
  } else {
    context->SetPromiseHooks({}, {}, {}, {});
  }
}

#else

void SetHook(v8::Isolate* isolate, v8::Local<v8::Context>, bool on) {
  v8::PromiseHook hook = [](v8::PromiseHookType type, v8::Local<v8::Promise> promise, v8::Local<v8::Value> parent) {
    OnPromise(v8::Isolate::GetCurrent(), type, promise, parent);
  };
  isolate->SetPromiseHook(on ? hook : nullptr);
}

#endif

void OnGcBegin(v8::Isolate*, v8::GCType type, v8::GCCallbackFlags, void* data) {
  auto* engine = static_cast<V8WireEngine*>(data);
  engine->gc_hook(engine->gc_data, static_cast<int32_t>(type), true);
}

void OnGcEnd(v8::Isolate*, v8::GCType type, v8::GCCallbackFlags, void* data) {
  auto* engine = static_cast<V8WireEngine*>(data);
  engine->gc_hook(engine->gc_data, static_cast<int32_t>(type), false);
}

}  // namespace

extern "C" {

void v8wire_set_promise_hook(V8WireEngine* engine,
                             void (*hook)(void* data, int32_t event, V8WirePromise* promise, double id, double parent),
                             void* data) noexcept {
  v8wire::Entered entered(engine);
  bool was_on = engine->promise_hook;
  engine->promise_hook = hook;
  engine->promise_data = data;
  if (was_on != (hook != nullptr)) SetHook(entered.isolate, entered.context, hook);
}

void v8wire_want_promises(V8WireEngine* engine, bool wanted) noexcept { engine->promises_wanted = wanted; }

int32_t v8wire_promise_state(V8WirePromise* promise) noexcept {
  switch (promise->promise->State()) {
    case v8::Promise::kFulfilled: return 1;
    case v8::Promise::kRejected: return 2;
    default: return 0;
  }
}

V8WireHandle* v8wire_promise_handle(V8WirePromise* promise, bool result) noexcept {
  v8::Isolate* isolate = promise->engine->isolate;
  v8::HandleScope handles(isolate);
  if (!result) return v8wire::Keep(isolate, promise->promise);
  // V8 has no answer for those that are pending.
  if (promise->promise->State() == v8::Promise::kPending) return nullptr;
  return v8wire::Keep(isolate, promise->promise->Result());
}

void v8wire_set_gc_hook(V8WireEngine* engine, void (*hook)(void* data, int32_t type, bool begin), void* data) noexcept {
  v8::Isolate* isolate = engine->isolate;
  if (!engine->gc_hook && hook) {
    isolate->AddGCPrologueCallback(OnGcBegin, engine);
    isolate->AddGCEpilogueCallback(OnGcEnd, engine);
  } else if (engine->gc_hook && !hook) {
    isolate->RemoveGCPrologueCallback(OnGcBegin, engine);
    isolate->RemoveGCEpilogueCallback(OnGcEnd, engine);
  }
  engine->gc_hook = hook;
  engine->gc_data = data;
}

}  // extern "C"
