// A Durable Object that stores one value for each case; see ../README.md.
const cases = {
  "number-one": ["1", () => 1],
  "number-2-to-30": ["1073741824 (2^30)", () => 1073741824],
  "number-2-to-30-minus-one": ["1073741823 (2^30 - 1)", () => 1073741823],
  "string": ["\"hello\"", () => "hello"],
  "string-two-byte": ["\"\\u20ac\"", () => "\u20ac"],
  "object": ["{a: 1, b: [true, null, \"x\"]}", () => ({ a: 1, b: [true, null, "x"] })],
  "array-from-length": ["Array.from({length: 2})", () => Array.from({ length: 2 })],
  "date": ["new Date(0)", () => new Date(0)],
  "map": ["new Map([[1, 2]])", () => new Map([[1, 2]])],
  "bigint": ["-123n", () => -123n],
  "uint8array": ["Uint8Array.of(1, 2, 3)", () => Uint8Array.of(1, 2, 3)],
  "arraybuffer": ["the ArrayBuffer of Uint8Array.of(1, 2, 3)", () => Uint8Array.of(1, 2, 3).buffer],
  "arraybuffer-resizable": ["a resizable ArrayBuffer of 2 bytes, maximum 4", () => new ArrayBuffer(2, { maxByteLength: 4 })],
  "error": ["new RangeError(\"x\")", () => new RangeError("x")],
  "error-cause": ["new Error(\"x\", {cause: 1})", () => new Error("x", { cause: 1 })],
  "error-properties": ["a TypeError \"x\" with code = 7", () => Object.assign(new TypeError("x"), { code: 7 })],
  "error-plain": ["an Error without message", () => new Error()],
  "error-eval": ["new EvalError(\"x\")", () => new EvalError("x")],
  "error-reference": ["new ReferenceError(\"x\")", () => new ReferenceError("x")],
  "error-syntax": ["new SyntaxError(\"x\")", () => new SyntaxError("x")],
  "error-uri": ["new URIError(\"x\")", () => new URIError("x")],
  "error-aggregate": ["new AggregateError([1], \"x\")", () => new AggregateError([1], "x")],
  "error-own-name": ["new Error(\"x\") with name = \"My\"", () => Object.assign(new Error("x"), { name: "My" })],
  "domexception": ["new DOMException(\"x\", \"AbortError\")", () => new DOMException("x", "AbortError")],
  "float16array": ["Float16Array.of(1.5)", () => Float16Array.of(1.5)],
  "undefined": ["undefined", () => undefined],
  "cycle": ["an object whose property self is itself", () => { const o = {}; o.self = o; return o; }],
  "file": ["new File([\"x\"], \"n\", {lastModified: 0})", () => new File(["x"], "n", { lastModified: 0 })],
  "buffer": ["a Node Buffer of 1, 2", async () => (await import("node:buffer")).Buffer.from([1, 2])],
  "headers": ["new Headers({a: \"b\"})", () => new Headers({ a: "b" })],
  "headers-common": ["new Headers({\"content-type\": \"text/plain\", a: \"b\"})", () => new Headers({ "content-type": "text/plain", a: "b" })],
  "response-null": ["new Response(null)", () => new Response(null)],
  "blob-type": ["new Blob([\"xy\"], {type: \"text/plain\"})", () => new Blob(["xy"], { type: "text/plain" })],
  "request": ["new Request(\"http://example.com/\")", () => new Request("http://example.com/")],
  "response": ["new Response(\"x\")", () => new Response("x")],
  "blob": ["new Blob([\"x\"])", () => new Blob(["x"])],
  "url": ["new URL(\"http://example.com/\")", () => new URL("http://example.com/")],
  "url-search-params": ["new URLSearchParams(\"a=b\")", () => new URLSearchParams("a=b")],
  "form-data": ["an empty FormData", () => new FormData()],
  "abort-signal": ["AbortSignal.abort()", () => AbortSignal.abort()],
  "readable-stream": ["a stream of \"x\"", () => new Response("x").body],
  "crypto-key": ["an HMAC key", () => crypto.subtle.importKey("raw", Uint8Array.of(1), { name: "HMAC", hash: "SHA-256" }, true, ["sign"])],
};

export class Store {
  constructor(state) { this.storage = state.storage; }
  async fetch() {
    const report = [];
    for (const [name, [value, make]] of Object.entries(cases)) {
      const row = { name, value };
      try {
        const made = await make();
        await this.storage.put(name, made);
        row.stored = true;
      } catch (error) { row.stored = false; row.error = String(error); }
      try { structuredClone(await make()); row.cloned = true; } catch (error) { row.cloned = String(error); }
      report.push(row);
    }
    return Response.json(report);
  }
}

export default {
  fetch(request, env) {
    return env.store.get(env.store.idFromName("store")).fetch(request);
  },
};
