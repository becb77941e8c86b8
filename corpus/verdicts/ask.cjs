// Asks the engine that runs this script how it reads hand-made blobs.
//
//   node ask.cjs JOBS.jsonl START      (any Node from 8 on)
//   deno run -A ask.cjs JOBS.jsonl START
//   target/v8/legacy JOBS.jsonl START  (runs this script inside V8 10.2)
//
// Each line of JOBS.jsonl is {"hex":"ff0f...","options":{...}}; from line START
// on, one line is answered for each:
//   {"ok":DESCRIPTION} or {"ok":DESCRIPTION,"left":N} (N bytes were not read),
//   {"refused":"the engine's message"}, or
//   {"skipped":"why this engine cannot be asked"}.
// The options are described in corpus/verdicts/README.md.
//
// No modern syntax: Node 8 runs this too.
'use strict';

(function () {
  // Set by legacy.cc; see there.
  const inside = typeof engine === 'object' ? engine : null;
  const isDeno = typeof Deno === 'object';

  let args, readText, print;
  if (inside) {
    args = inside.args;
    readText = inside.readText;
    print = inside.print;
  } else {
    const fs = require('fs');
    args = process.argv.slice(2);
    readText = function (path) { return fs.readFileSync(path, 'utf8'); };
    // Synchronous, so that no answer is lost when the engine crashes later.
    print = function (line) { fs.writeSync(1, line + '\n'); };
  }
  const here = inside ? inside.here : __dirname;

  const describeModule = { exports: {} };
  new Function('module', 'exports', readText(here + '/../generate/describe.js'))(
    describeModule, describeModule.exports);
  const describe = describeModule.exports.describe;

  function bytesOf(hex) {
    const bytes = new Uint8Array(hex.length / 2);
    for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(hex.substr(2 * i, 2), 16);
    return bytes;
  }

  // "hex", or {"hex": ..., "max": byte length, "shared": bool}, or {"wasm": {...}}.
  function makeBuffer(recipe, shared) {
    if (typeof recipe === 'string') recipe = { hex: recipe };
    if (recipe.wasm) {
      const descriptor = Object.assign({ shared: true }, recipe.wasm);
      return new WebAssembly.Memory(descriptor).buffer;
    }
    const bytes = bytesOf(recipe.hex);
    const Kind = shared || recipe.shared ? SharedArrayBuffer : ArrayBuffer;
    let buffer;
    if (recipe.max !== undefined) {
      buffer = new Kind(bytes.length, { maxByteLength: recipe.max });
      if (!buffer.resizable && !buffer.growable) throw new Skip('no resizable buffers');
    } else {
      buffer = new Kind(bytes.length);
    }
    new Uint8Array(buffer).set(bytes);
    return buffer;
  }

  function Skip(why) { this.why = why; }
  function Host(payload) { this.payload = payload; }

  // What a host object's payload is, by the case's option "host".
  const hosts = {
    'uint32': function (reader) { return reader.readUint32(); },
    'uint64': function (reader) { return reader.readUint64(); },
    'double': function (reader) { return reader.readDouble(); },
    'value': function (reader) { return reader.readValue(); },
    'nothing': function () { return null; },
  };
  function hostReader(kind) {
    return function (reader) { return new Host(hosts[kind](reader)); };
  }

  function read(bytes, options) {
    if (inside) return readInside(bytes, options);
    if (options.shared || options.modules) {
      if (isDeno) return readDenoCore(bytes, options);
      throw new Skip('Node\'s deserializer has no delegate for shared buffers and wasm modules');
    }
    return readNode(bytes, options);
  }

  function readInside(bytes, options) {
    if (options.profile === 'node') throw new Skip('V8 alone: Node\'s layer is not there');
    const given = { legacy: true, transfers: {}, shared: {}, modules: {} };
    for (const id in options.transfers || {}) given.transfers[id] = makeBuffer(options.transfers[id], false);
    for (const id in options.shared || {}) given.shared[id] = makeBuffer(options.shared[id], true);
    for (const id in options.modules || {}) given.modules[id] = new WebAssembly.Module(bytesOf(options.modules[id]));
    if (options.host) given.host = hostReader(options.host);
    return inside.deserialize(bytes.buffer, given);
  }

  function readNode(bytes, options) {
    const v8 = require('v8');
    const Class = options.profile === 'node' ? v8.DefaultDeserializer : v8.Deserializer;
    // Allocated by itself: views that a host object makes start at its offset 0.
    const deserializer = new Class(Buffer.from(bytes.buffer));
    if (options.host) {
      const make = hostReader(options.host);
      deserializer._readHostObject = function () { return make(this); };
    }
    for (const id in options.transfers || {}) {
      const buffer = makeBuffer(options.transfers[id], false);
      try {
        deserializer.transferArrayBuffer(Number(id), buffer);
      } catch (error) {
        // Deno complains about a SharedArrayBuffer, but takes it.
        if (!isDeno) throw error;
      }
    }
    try {
      deserializer.readHeader();
    } catch (error) {
      // Versions below 13 are refused here, although V8 goes on to read them
      // when asked: the same as SetSupportsLegacyWireFormat(true).
      if (deserializer.getWireFormatVersion() >= 13 || brokenHeader(bytes)) throw error;
    }
    const value = deserializer.readValue();
    return { value: value, left: bytes.length - deserializer._readRawBytes(0) };
  }

  // Deno's own messaging layer has delegates for shared buffers and modules.
  // Its store numbers them from 0 in a new process, so each case needs its own.
  function readDenoCore(bytes, options) {
    if (bytes[0] !== 0xff || bytes[1] < 13) throw new Skip('Deno\'s core refuses versions below 13');
    const core = Deno[Deno.internal].core;
    const things = [];
    for (const id in options.shared || {}) things[id] = makeBuffer(options.shared[id], true);
    for (const id in options.modules || {}) things[id] = new WebAssembly.Module(bytesOf(options.modules[id]));
    things.forEach(function (thing, id) {
      if (core.serialize(thing)[3] !== id) throw new Skip('the case\'s ids cannot be given');
    });
    return { value: core.deserialize(bytes, {}), left: 0 };
  }

  function brokenHeader(bytes) {
    if (bytes[0] !== 0xff) return false;
    for (let i = 1; i < bytes.length; i++) if (bytes[i] < 0x80) return false;
    return true;
  }

  function describeAll(read, options) {
    // A view over a growable shared buffer shows that it tracks the length only
    // when the buffer grows, and that cannot be undone: try it on a first reading.
    const tracking = [], probed = [];
    const describing = {
      hostViews: options.profile === 'node',
      host: function (value, describe) {
        if (value instanceof Host) return ['host', describe(value.payload)];
      },
      isLengthTracking: function (view) { probed.push(view); return tracking.shift() || false; },
    };
    let got = read();
    let description = describe(got.value, describing);
    if (probed.length) {
      probed.forEach(function (view) {
        const before = view.byteLength;
        view.buffer.grow(view.buffer.maxByteLength);
        tracking.push(view.byteLength !== before);
      });
      got = read();
      description = describe(got.value, describing);
    }
    const result = { ok: description };
    if (got.left) result.left = got.left;
    return result;
  }

  function answer(job) {
    const options = job.options || {};
    // A message is a refusal only when it comes from the reading itself.
    let refusal = null;
    try {
      return describeAll(function () {
        const bytes = bytesOf(job.hex);
        try {
          return read(bytes, options);
        } catch (error) {
          refusal = error;
          throw error;
        }
      }, options);
    } catch (error) {
      if (error instanceof Skip) return { skipped: error.why };
      if (error !== refusal) throw error;
      return { refused: String(error && error.message) };
    }
  }

  const lines = readText(args[0]).split('\n').filter(function (line) { return line; });
  for (let i = Number(args[1] || 0); i < lines.length; i++) {
    let result;
    try {
      result = answer(JSON.parse(lines[i]));
    } catch (error) {
      result = { failed: String(error && error.stack) };
    }
    print(describeModule.exports.toText(result));
  }
})();
