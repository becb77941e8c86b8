'use strict';
// describe(value, options) turns a JavaScript value into the JSON description
// that stands beside every blob of the corpus; corpus/README.md has the grammar.
//
// It must run in Node 8 and up, in Deno and in a bare V8 context, so: no
// modern syntax, no require, and every newer class is looked up before use.
//
// options.hostViews        views are described by their contents alone
//                          (["hostview", type, hex]); their backing buffer is
//                          an accident of the reader
// options.isLengthTracking function (view) -> boolean, asked for views over
//                          growable shared buffers, which cannot be probed
//                          without changing them
// options.host             function (value, describe) -> description or
//                          undefined, asked for every object first
(function (root, factory) {
  var api = factory(root);
  if (typeof module === 'object' && module && module.exports) module.exports = api;
  else root.describeValue = api;
})(typeof globalThis === 'object' ? globalThis : Function('return this')(), function (root) {
  var MAX_DENSE = 10000;

  function getter(proto, name) {
    var d = proto && Object.getOwnPropertyDescriptor(proto, name);
    return d && d.get;
  }
  var typedArrayProto = Object.getPrototypeOf(Uint8Array.prototype);
  var typedArrayName = getter(typedArrayProto, Symbol.toStringTag);
  var bufferLength = getter(ArrayBuffer.prototype, 'byteLength');
  var sharedLength = typeof SharedArrayBuffer === 'function'
    ? getter(SharedArrayBuffer.prototype, 'byteLength') : null;

  // Brand checks: they see the internal slot, not the prototype or the tag.
  function accepts(f, receiver, args) {
    try { f.apply(receiver, args || []); return true; } catch (e) { return false; }
  }
  function brand(v) {
    if (Array.isArray(v)) return 'Array';
    if (ArrayBuffer.isView(v)) return 'View';
    if (accepts(Date.prototype.getTime, v)) return 'Date';
    if (isRegExp(v)) return 'RegExp';
    if (accepts(Map.prototype.has, v, [0])) return 'Map';
    if (accepts(Set.prototype.has, v, [0])) return 'Set';
    if (accepts(bufferLength, v)) return 'ArrayBuffer';
    if (sharedLength && accepts(sharedLength, v)) return 'SharedArrayBuffer';
    if (accepts(Boolean.prototype.valueOf, v)) return 'Boolean';
    if (accepts(Number.prototype.valueOf, v)) return 'Number';
    if (accepts(String.prototype.valueOf, v)) return 'String';
    if (typeof BigInt === 'function' && accepts(BigInt.prototype.valueOf, v)) return 'BigInt';
    var tag = Object.prototype.toString.call(v);
    if (v instanceof Error || tag === '[object Error]') return 'Error';
    if (tag === '[object WebAssembly.Module]') return 'WasmModule';
    if (tag === '[object WebAssembly.Memory]') return 'WasmMemory';
    return 'Object';
  }
  function isRegExp(v) {
    if (v === RegExp.prototype) return false;
    return accepts(getter(RegExp.prototype, 'global'), v);
  }

  function numberText(n) {
    return n === 0 && 1 / n < 0 ? '-0' : String(n);
  }

  function hexOf(buffer, offset, length) {
    var bytes = new Uint8Array(buffer, offset, length);
    var out = [];
    for (var i = 0; i < bytes.length; i++) {
      out.push((bytes[i] < 16 ? '0' : '') + bytes[i].toString(16));
    }
    return out.join('');
  }

  var errorNames = ['EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError',
    'URIError', 'AggregateError', 'SuppressedError', 'Error'];
  function errorName(e) {
    for (var p = Object.getPrototypeOf(e); p; p = Object.getPrototypeOf(p)) {
      for (var i = 0; i < errorNames.length; i++) {
        var c = root[errorNames[i]];
        if (typeof c === 'function' && p === c.prototype) return errorNames[i];
      }
    }
    return 'Error';
  }

  // No property tells whether a view follows the length of its buffer, so the
  // buffer is resized for a moment; its contents are put back.
  function isLengthTracking(view, buffer, options) {
    if (buffer.growable === true) {
      return options.isLengthTracking ? !!options.isLengthTracking(view) : false;
    }
    if (buffer.resizable !== true) return false;
    var old = buffer.byteLength;
    var start = view.byteOffset, length = view.byteLength;
    var step = view.BYTES_PER_ELEMENT || 1;
    var tracking;
    if (old + step <= buffer.maxByteLength) {
      buffer.resize(old + step);
      tracking = view.byteLength !== length;
      buffer.resize(old);
      return tracking;
    }
    if (length === 0) return false;
    // No room to grow: shrink it to the view's start. A tracking view is then
    // empty, a fixed one out of bounds, and both say so when they are used.
    var saved = new Uint8Array(buffer).slice();
    buffer.resize(start);
    tracking = view instanceof DataView
      ? accepts(getter(DataView.prototype, 'byteLength'), view)
      : accepts(typedArrayProto.keys, view);
    buffer.resize(old);
    new Uint8Array(buffer).set(saved);
    return tracking;
  }

  function describe(value, options) {
    options = options || {};
    var seen = new Map();

    function bufferExtras(b, name) {
      var extras = {};
      if (b.resizable === true || b.growable === true) extras.resizable = b.maxByteLength;
      if (b.immutable === true) extras.immutable = true;
      var out = [name, hexOf(b, 0, b.byteLength)];
      if (Object.keys(extras).length) out.push(extras);
      return out;
    }

    // Own enumerable string keys; `skip` tells which ones are told elsewhere.
    function properties(v, skip) {
      var keys = Object.keys(v), out = [];
      for (var i = 0; i < keys.length; i++) {
        if (!skip || !skip(keys[i])) out.push([keys[i], go(v[keys[i]])]);
      }
      return out;
    }

    function array(v) {
      var isIndex = function (k) {
        var n = k >>> 0;
        return String(n) === k && n !== 4294967295;
      };
      var length = v.length, elements = [], i;
      if (length <= MAX_DENSE) {
        for (i = 0; i < length; i++) {
          elements.push(Object.prototype.hasOwnProperty.call(v, i) ? go(v[i]) : ['hole']);
        }
        return ['array', length, elements, properties(v, isIndex)];
      }
      var present = Object.keys(v).filter(isIndex);
      for (i = 0; i < present.length; i++) elements.push([present[i], go(v[present[i]])]);
      return ['sparse', length, elements, properties(v, isIndex)];
    }

    function view(v) {
      var name = typedArrayName.call(v) || 'DataView';
      if (options.hostViews) {
        if (typeof Buffer === 'function' && Buffer.isBuffer && Buffer.isBuffer(v)) name = 'Buffer';
        return ['hostview', name, hexOf(v.buffer, v.byteOffset, v.byteLength)];
      }
      var tracking = isLengthTracking(v, v.buffer, options);
      return ['view', name, v.byteOffset, v.byteLength, tracking, go(v.buffer)];
    }

    function error(v) {
      function own(name) {
        var d = Object.getOwnPropertyDescriptor(v, name);
        return d ? v[name] : undefined;
      }
      var message = own('message'), stack = v.stack;
      return ['error', errorName(v),
        message === undefined ? ['absent'] : go(message),
        stack === undefined ? ['absent'] : go(stack),
        Object.getOwnPropertyDescriptor(v, 'cause') ? go(v.cause) : ['absent']];
    }

    function go(v) {
      switch (typeof v) {
        case 'undefined': return ['undefined'];
        case 'boolean': return ['bool', v];
        case 'number': return ['number', numberText(v)];
        case 'bigint': return ['bigint', String(v)];
        case 'string': return ['string', v];
        case 'symbol': return ['symbol'];
        case 'function': return ['function'];
      }
      if (v === null) return ['null'];
      if (seen.has(v)) return ['ref', seen.get(v)];
      seen.set(v, seen.size);
      var own = options.host && options.host(v, go);
      if (own) return own;
      var out = [];
      switch (brand(v)) {
        case 'Array': return array(v);
        case 'View': return view(v);
        case 'Date': return ['date', numberText(Date.prototype.getTime.call(v))];
        case 'RegExp': return ['regexp', v.source, v.flags];
        case 'Map':
          Map.prototype.forEach.call(v, function (item, key) { out.push([key, item]); });
          return ['map', out.map(function (e) { return [go(e[0]), go(e[1])]; })];
        case 'Set':
          Set.prototype.forEach.call(v, function (item) { out.push(item); });
          return ['set', out.map(go)];
        case 'ArrayBuffer': return bufferExtras(v, 'arraybuffer');
        case 'SharedArrayBuffer': return bufferExtras(v, 'sharedarraybuffer');
        case 'Boolean': return ['boolean-object', Boolean.prototype.valueOf.call(v)];
        case 'Number': return ['number-object', numberText(Number.prototype.valueOf.call(v))];
        case 'String': return ['string-object', String.prototype.valueOf.call(v)];
        case 'BigInt': return ['bigint-object', String(BigInt.prototype.valueOf.call(v))];
        case 'Error': return error(v);
        case 'WasmModule': return ['wasm-module'];
        case 'WasmMemory': return ['wasm-memory', v.buffer.byteLength];
      }
      return ['object', properties(v)];
    }

    return go(value);
  }

  // Pure ASCII, so that lone surrogates survive every JSON reader and editor.
  function toText(description) {
    return JSON.stringify(description).replace(/[^\x20-\x7e]/g, function (c) {
      return '\\u' + ('000' + c.charCodeAt(0).toString(16)).slice(-4);
    });
  }

  return { describe: describe, toText: toText };
});
