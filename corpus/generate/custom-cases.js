'use strict';
// Cases that need calls of their own on v8.Serializer and v8.Deserializer:
// several values or headers, transfers, shared buffers, host objects, parts
// that are no values. Must stay readable for Node 8.

module.exports = function (v8, { bytes, need, needClass }) {
  const { describe } = require('./describe.js');
  const list = [];

  function hex(b) { return Buffer.from(b.buffer ? new Uint8Array(b.buffer, b.byteOffset, b.byteLength) : new Uint8Array(b)).toString('hex'); }
  function copy(b) { return Buffer.from(new Uint8Array(b).buffer); }
  function words(n) { return [Math.floor(n / 4294967296), n >>> 0]; }

  // Several values; `write` and `read` take the serializer and the values.
  function several(name, about, make, options) {
    options = options || {};
    const describeAll = (values) => values.map((v) => describe(v, options.describe));
    list.push(Object.assign({
      name, about, key: 'values',
      original: () => describeAll(make()),
      write: () => {
        const s = new v8.Serializer();
        const values = make();
        if (!options.headers) s.writeHeader();
        for (const v of values) {
          if (options.headers) s.writeHeader();
          s.writeValue(v);
        }
        return s.releaseBuffer();
      },
      read: (blob) => {
        const d = new v8.Deserializer(copy(blob));
        const values = [];
        if (!options.headers) d.readHeader();
        for (let i = make().length; i > 0; i--) {
          if (options.headers) d.readHeader();
          values.push(d.readValue());
        }
        return describeAll(values);
      }
    }, options.case));
  }

  several('several-values', 'one header, five values', () => [1, 'two', { three: 3 }, [4], null]);
  several('several-values-two-byte', 'one header, two-byte strings at odd and even offsets', () => ['\u03b1', '\u03b2', 1, '\u03b3', 'x', '\u03b4']);
  several('several-values-no-value', 'a header alone', () => [], { case: { mayBeEmpty: true } });
  several('several-headers', 'a header before each of three values', () => [{ a: 1 }, [2], 'three'], { headers: true, case: { fields: { headers: 3 } } });
  several('several-views', 'one header, views and a buffer between them', () => [bytes(2, 1), bytes(3, 1).buffer, new DataView(bytes(4, 1).buffer)]);

  // The same object in two values of one stream: ids go on counting.
  list.push({
    name: 'several-values-shared', about: 'one object in two values behind one header: the second is a reference to the first',
    key: 'values', fields: { note: 'the values share one object numbering: describe was run over the array of both, whose own number is left out' },
    original: () => shared([{ a: 1 }], true),
    write: () => {
      const s = new v8.Serializer(), o = { a: 1 };
      s.writeHeader(); s.writeValue(o); s.writeValue(o); s.writeValue([o]);
      return s.releaseBuffer();
    },
    read: (blob) => {
      const d = new v8.Deserializer(copy(blob));
      d.readHeader();
      const a = d.readValue(), b = d.readValue(), c = d.readValue();
      return shared([a, b, c]);
    }
  });
  function shared(values, first) {
    if (first) values = [values[0], values[0], [values[0]]];
    return renumber(describe(values)[2]);
  }
  // describe numbers the array around the values as 0: take it off.
  function renumber(d) {
    if (!Array.isArray(d)) return d;
    return d[0] === 'ref' ? ['ref', d[1] - 1] : d.map(renumber);
  }

  // ---- no header
  function headerOf() {
    const s = new v8.Serializer();
    s.writeHeader();
    return s.releaseBuffer();
  }
  list.push({
    name: 'headerless', about: 'no header was written; the reader must be told the version', fields: { header: false, version: headerOf()[1] },
    original: () => describe({ a: [1, 'x'] }),
    write: () => { const s = new v8.Serializer(); s.writeValue({ a: [1, 'x'] }); return s.releaseBuffer(); },
    // The reader has no call to set a version: lend it a header.
    read: (blob) => {
      const d = new v8.Deserializer(copy(Buffer.concat([headerOf(), blob])));
      d.readHeader();
      return describe(d.readValue());
    }
  });

  // ---- parts that are no values
  const parts = [['uint32', 0], ['uint32', 127], ['uint32', 128], ['uint32', 4294967295], ['uint64', 0, 1], ['uint64', 1, 0],
    ['uint64', 4294967295, 4294967295], ['double', '1.5'], ['double', '-0'], ['double', 'NaN'], ['raw', '00ff6869'], ['value', ['object', [['a', ['number', '1']]]]], ['uint32', 7]];
  list.push({
    name: 'parts', about: 'writeUint32, writeUint64 (high and low word), writeDouble, writeRawBytes and writeValue in one stream', key: 'parts',
    original: () => parts,
    write: () => {
      const s = new v8.Serializer();
      s.writeHeader();
      for (const p of parts) {
        if (p[0] === 'uint32') s.writeUint32(p[1]);
        else if (p[0] === 'uint64') s.writeUint64(p[1], p[2]);
        else if (p[0] === 'double') s.writeDouble(Number(p[1]));
        else if (p[0] === 'raw') s.writeRawBytes(Buffer.from(p[1], 'hex'));
        else s.writeValue({ a: 1 });
      }
      return s.releaseBuffer();
    },
    read: (blob) => {
      const d = new v8.Deserializer(copy(blob));
      d.readHeader();
      return parts.map((p) => {
        if (p[0] === 'uint32') return ['uint32', d.readUint32()];
        if (p[0] === 'uint64') return ['uint64'].concat(Array.from(d.readUint64()));
        if (p[0] === 'double') { const n = d.readDouble(); return ['double', Object.is(n, -0) ? '-0' : String(n)]; }
        if (p[0] === 'raw') return ['raw', hex(d.readRawBytes(p[1].length / 2))];
        return ['value', describe(d.readValue())];
      });
    }
  });

  // ---- transfers
  function transfer(name, about, make, ids) {
    const build = () => { const buffers = ids.map((id, i) => bytes(4 + i, 0x10 * (i + 1)).buffer); return { buffers, value: make(buffers) }; };
    const transfers = {};
    build().buffers.forEach((b, i) => { transfers[ids[i]] = hex(b); });
    list.push({
      name, about, fields: { transfers },
      original: () => describe(build().value),
      write: () => {
        const b = build(), s = new v8.Serializer();
        ids.forEach((id, i) => s.transferArrayBuffer(id, b.buffers[i]));
        s.writeHeader();
        s.writeValue(b.value);
        return s.releaseBuffer();
      },
      read: (blob) => {
        const b = build(), d = new v8.Deserializer(copy(blob));
        ids.forEach((id, i) => d.transferArrayBuffer(id, b.buffers[i]));
        d.readHeader();
        return describe(d.readValue());
      }
    });
  }
  transfer('transfer-one', 'a transferred ArrayBuffer', (b) => b[0], [0]);
  transfer('transfer-large-id', 'transfer ids of one and two bytes and the largest', (b) => [b[0], b[1], b[2], b[1]], [5, 300, 4294967295]);
  transfer('transfer-with-views', 'views over a transferred buffer', (b) => [new Uint8Array(b[0], 1, 2), new DataView(b[0]), b[0]], [1]);
  transfer('transfer-and-plain', 'a transferred buffer beside a plain one', (b) => ({ t: b[0], p: bytes(2, 1).buffer }), [2]);

  // ---- shared buffers
  function sharing(name, about, make, lengths, growable) {
    const build = () => {
      needClass('SharedArrayBuffer');
      const buffers = lengths.map((n, i) => {
        const b = growable ? new SharedArrayBuffer(n, { maxByteLength: n * 4 }) : new SharedArrayBuffer(n);
        if (growable) need(SharedArrayBuffer.prototype, 'grow');
        new Uint8Array(b).set(bytes(n, 0x40 + i));
        return b;
      });
      return { buffers, value: make(buffers) };
    };
    const sharedFields = {};
    lengths.forEach((n, i) => { sharedFields[7 + i] = hex(bytes(n, 0x40 + i)); });
    const options = { isLengthTracking: (v) => v.byteOffset + v.byteLength === v.buffer.byteLength && !v.fixedHere };
    list.push({
      name, about, fields: growable ? { shared: sharedFields, shared_max: lengths.map((n) => n * 4) } : { shared: sharedFields },
      original: () => describe(build().value, options),
      write: () => {
        const b = build(), s = new v8.Serializer();
        s._getSharedArrayBufferId = (x) => 7 + b.buffers.indexOf(x);
        s.writeHeader();
        s.writeValue(b.value);
        return s.releaseBuffer();
      },
      read: (blob) => {
        const b = build(), d = new v8.Deserializer(copy(blob));
        b.buffers.forEach((x, i) => d.transferArrayBuffer(7 + i, x));
        d.readHeader();
        return describe(d.readValue(), options);
      },
      // Node 10 and up have no hook that finds a shared buffer by its id.
      misread: true
    });
  }
  sharing('shared-one', 'a SharedArrayBuffer: its id alone is written', (b) => b[0], [4]);
  sharing('shared-two', 'two SharedArrayBuffers, one twice', (b) => [b[0], b[1], b[0]], [4, 2]);
  sharing('shared-views', 'views over a SharedArrayBuffer', (b) => [new Uint8Array(b[0], 1, 2), new Int32Array(b[0]), b[0]], [8]);
  sharing('shared-growable', 'a growable SharedArrayBuffer', (b) => b[0], [4], true);
  sharing('shared-growable-tracking', 'a length-tracking view over a growable SharedArrayBuffer', (b) => new Uint8Array(b[0]), [4], true);
  sharing('shared-growable-fixed', 'a fixed view over a growable SharedArrayBuffer', (b) => new Uint8Array(b[0], 0, 2), [4], true);

  // What stands behind the memory shows which ids it took.
  const newMemory = () => new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true });
  const aroundMemory = (m) => { const o = {}; return { m, after: o, again: [m, o] }; };
  list.push({
    name: 'wasm-memory', about: 'a shared WebAssembly.Memory of one page, at most two; its buffer travels as shared buffer 7',
    fields: { shared: { 7: { length: 65536, about: 'all zero' } }, wasm_memory: { initial: 1, maximum: 2 } },
    original: () => describe(aroundMemory(newMemory())),
    write: () => {
      const s = new v8.Serializer();
      s._getSharedArrayBufferId = () => 7;
      s.writeHeader();
      s.writeValue(aroundMemory(newMemory()));
      return s.releaseBuffer();
    },
    read: (blob) => {
      const d = new v8.Deserializer(copy(blob));
      d.transferArrayBuffer(7, newMemory().buffer);
      d.readHeader();
      return describe(d.readValue());
    },
    misread: true
  });

  // ---- host objects
  class HostValue {
    constructor(fields) { this.fields = fields; }
  }
  const hostOptions = {
    host: (v, go) => v instanceof HostValue ? ['host', v.fields.map((f) => [f[0], f[1] === 'value' ? go(f[2]) : f[2]])] : undefined
  };
  // Payload: u32 kind, then by kind. 1: nothing more. 2: u32 length and raw
  // bytes. 3: u64 as two words, a double. 4: a nested value. 5: two host
  // objects or values nested one behind the other.
  const payload = {
    about: 'uint32 kind, then: kind 1 nothing; kind 2 uint32 length and that many raw bytes; kind 3 uint64 and double; kind 4 one nested value; kind 5 two nested values',
    kinds: { 1: [], 2: ['uint32-length', 'raw'], 3: ['uint64', 'double'], 4: ['value'], 5: ['value', 'value'] }
  };
  function writePayload(s, p) {
    s.writeUint32(p.kind);
    if (p.kind === 2) { s.writeUint32(p.raw.length); s.writeRawBytes(p.raw); }
    if (p.kind === 3) { const w = words(p.u64); s.writeUint64(w[0], w[1]); s.writeDouble(p.double); }
    if (p.kind === 4) s.writeValue(p.a);
    if (p.kind === 5) { s.writeValue(p.a); s.writeValue(p.b); }
  }
  function readPayload(d, hv) {
    const kind = d.readUint32();
    const fields = hv.fields;
    fields.push(['kind', 'plain', ['number', String(kind)]]);
    if (kind === 2) fields.push(['raw', 'plain', ['string', hex(d.readRawBytes(d.readUint32()))]]);
    if (kind === 3) {
      const w = d.readUint64();
      fields.push(['uint64', 'plain', ['number', String(w[0] * 4294967296 + w[1])]]);
      fields.push(['double', 'plain', ['number', String(d.readDouble())]]);
    }
    if (kind === 4 || kind === 5) fields.push(['a', 'value', d.readValue()]);
    if (kind === 5) fields.push(['b', 'value', d.readValue()]);
    return hv;
  }
  function fieldsOf(p) {
    const out = [['kind', 'plain', ['number', String(p.kind)]]];
    if (p.kind === 2) out.push(['raw', 'plain', ['string', hex(p.raw)]]);
    if (p.kind === 3) out.push(['uint64', 'plain', ['number', String(p.u64)]], ['double', 'plain', ['number', String(p.double)]]);
    if (p.kind >= 4) out.push(['a', 'value', p.a]);
    if (p.kind === 5) out.push(['b', 'value', p.b]);
    return out;
  }
  // make(host) builds the value; host(payload) gives an object that the
  // engine hands to _writeHostObject.
  function hosts(name, about, make, options) {
    const original = () => describe(make((p) => new HostValue(fieldsOf(p))), hostOptions);
    // Which objects count as host objects: views (asked for by a switch), or
    // objects of the engine's embedder (a Deserializer is one in Node).
    const carriers = {
      view: (s) => { s._setTreatArrayBufferViewsAsHostObjects(true); return () => new Uint8Array(1); },
      native: () => {
        if (typeof Deno === 'object') throw new Error('no embedder objects at hand');
        return () => new v8.Deserializer(Buffer.from([0xff, 0x0d]));
      }
    };
    const carrier = (options && options.carrier) || 'view';
    list.push(Object.assign({
      name, about, fields: { host: payload }, original,
      write: () => {
        const s = new v8.Serializer();
        const payloads = new Map();
        s._writeHostObject = (o) => { writePayload(s, payloads.get(o)); };
        s._getDataCloneError = Error;
        s.writeHeader();
        const newCarrier = carriers[carrier](s);
        s.writeValue(make((p) => { const o = newCarrier(); payloads.set(o, p); return o; }));
        return s.releaseBuffer();
      },
      read: (blob) => {
        const d = new v8.Deserializer(copy(blob));
        d._readHostObject = () => readPayload(d, new HostValue([]));
        d.readHeader();
        return describe(d.readValue(), hostOptions);
      }
    }, options));
  }
  hosts('host-bare', 'a host object with nothing but its kind', (h) => h({ kind: 1 }));
  hosts('host-raw-bytes', 'raw bytes in a host object', (h) => [h({ kind: 2, raw: Buffer.from('some bytes') }), h({ kind: 2, raw: Buffer.alloc(0) })]);
  hosts('host-numbers', 'a uint64 and a double', (h) => ({ a: h({ kind: 3, u64: 4294967296 * 5 + 6, double: 1.5 }) }));
  hosts('host-nested-value', 'a value nested in a host object', (h) => h({ kind: 4, a: { deep: [1, 'two'] } }));
  hosts('host-nested-host', 'host objects nested in host objects', (h) => h({ kind: 5, a: h({ kind: 4, a: h({ kind: 1 }) }), b: [h({ kind: 1 })] }));
  hosts('host-shared', 'a host object and nested values met again: their ids', (h) => {
    const inner = { i: 1 }, x = h({ kind: 4, a: inner }), after = {};
    return [x, x, inner, after, after];
  });
  hosts('host-native', 'an object of the engine\'s embedder', (h) => [h({ kind: 2, raw: Buffer.from('native') }), { x: h({ kind: 4, a: [1] }) }], { carrier: 'native' });
  hosts('host-two-byte-inside', 'two-byte strings behind raw bytes of odd length: padding', (h) => h({ kind: 5, a: h({ kind: 2, raw: Buffer.from('odd') }), b: '\u03b1\u03b2' }));

  // ---- subclasses of Node's default classes
  list.push({
    name: 'default-serializer-class', about: 'v8.DefaultSerializer by hand: two values behind one header', key: 'values', serializer: 'default',
    original: () => [describe({ b: Buffer.from('x') }, { hostViews: true }), describe(Uint16Array.of(1, 2), { hostViews: true })],
    write: () => {
      const s = new v8.DefaultSerializer();
      s.writeHeader(); s.writeValue({ b: Buffer.from('x') }); s.writeValue(Uint16Array.of(1, 2));
      return s.releaseBuffer();
    },
    read: (blob) => {
      const d = new v8.DefaultDeserializer(copy(blob));
      d.readHeader();
      return [describe(d.readValue(), { hostViews: true }), describe(d.readValue(), { hostViews: true })];
    }
  });
  return list;
};
