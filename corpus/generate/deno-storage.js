'use strict';
// What Deno writes besides node:v8: its core serializer (behind
// structuredClone, postMessage and KV) and the values of a KV database.
// Both are of wire format version 16.

const fs = require('fs');
const os = require('os');
const path = require('path');
const { describe } = require('./describe.js');

const inKv = ['undefined', 'null', 'number-1-5', 'number-smi32-max', 'number-2-to-31', 'bigint-2-to-128', 'string-ascii', 'string-two-byte',
  'string-two-byte-64', 'object-simple', 'object-integer-keys', 'array-mixed', 'array-holes', 'map-odd-keys', 'set-odd-members', 'cycle-mutual',
  'shared-every-kind', 'date-now', 'wrapper-string', 'regexp-flags-gimsuy', 'arraybuffer-small', 'arraybuffer-resizable', 'view-float64array',
  'view-float16array', 'view-two-over-one-buffer', 'view-resizable-tracking', 'error-cause', 'error-then-objects', 'app-package-lock',
  'app-records', 'app-config-cache', 'app-session-store', 'app-metrics'];

module.exports = async function ({ Folder, engine, versions, table }) {
  const core = Deno[Deno.internal].core;
  const head = (name) => Object.assign({ engine: name }, versions);

  const folder = new Folder(engine + '-core', head(engine + '-core'));
  for (const c of table.cases) {
    if (c.name === 'wasm-module') continue; // written below, with its id
    if (/^view-buffer-node-(pooled|among)/.test(c.name)) continue; // a pooled Buffer would drag its pool along
    folder.add(c.name, c.about, {
      serializer: 'core', lossy: c.lossy, misread: c.misread,
      original: () => describe(c.make()),
      write: () => Buffer.from(core.serialize(c.make())),
      read: (b) => describe(core.deserialize(new Uint8Array(b)))
    });
  }
  addTransfers(folder, core, table);
  folder.finish();

  const kvFolder = new Folder(engine + '-kv', head(engine + '-kv'));
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'kv-'));
  const file = path.join(dir, 'kv.sqlite');
  const kv = await Deno.openKv(file);
  const read = new Map();
  for (const name of inKv) {
    const c = table.cases.find((x) => x.name === name);
    try {
      await kv.set([name], c.make());
    } catch (e) {
      kvFolder.cannot.push(name + ': ' + e.message);
      continue;
    }
    read.set(name, describe((await kv.get([name])).value));
  }
  kv.close();
  const { DatabaseSync } = require('node:sqlite');
  const db = new DatabaseSync(file);
  // A key is 02, the text, 00; encoding 1 is a V8 blob.
  for (const row of db.prepare('select k, v, v_encoding from kv').all()) {
    const name = Buffer.from(row.k).toString('latin1').slice(1, -1);
    if (row.v_encoding !== 1) throw new Error(name + ' is no V8 blob');
    const c = table.cases.find((x) => x.name === name);
    kvFolder.add(name, c.about, {
      serializer: 'kv', original: () => describe(c.make()), write: () => Buffer.from(row.v), read: () => read.get(name)
    });
  }
  db.close();
  fs.rmSync(dir, { recursive: true });
  kvFolder.finish();
};

// Ids of transferred and shared things come from one store of the process, so
// they depend on what was written before: this order is part of the cases.
function addTransfers(folder, core, { bytes }) {
  const hex = (b) => Buffer.from(b).toString('hex');
  function one(name, about, run) {
    let made;
    try { made = run(); } catch (e) { folder.cannot.push(name + ': ' + e.message); return; }
    folder.add(name, about, Object.assign({ serializer: 'core', fields: made.fields }, {
      original: () => made.original, write: () => Buffer.from(made.blob), read: () => made.read
    }, made.flags));
  }
  one('transfer-one', 'a transferred ArrayBuffer', () => {
    const b = bytes(4, 1).buffer, list = [b], contents = hex(b);
    const original = describe([b, 1]); // serializing takes the contents away
    const blob = core.serialize([b, 1], { transferredArrayBuffers: list });
    return { blob, original, read: describe(core.deserialize(blob, { transferredArrayBuffers: list })), fields: { transfers: { [blob[5]]: contents } } };
  });
  one('transfer-view', 'a view over a transferred ArrayBuffer', () => {
    const v = bytes(8, 1), list = [v.buffer], contents = hex(v.buffer);
    const original = describe({ v: v.subarray(2, 5), w: v });
    const blob = core.serialize({ v: v.subarray(2, 5), w: v }, { transferredArrayBuffers: list });
    return { blob, original, read: describe(core.deserialize(blob, { transferredArrayBuffers: list })), fields: { transfers: { [blob[7]]: contents } } };
  });
  one('shared-one', 'a SharedArrayBuffer', () => {
    const b = new SharedArrayBuffer(3);
    new Uint8Array(b).set([7, 8, 9]);
    const blob = core.serialize([b, b]);
    const id = blob[5];
    return { blob, original: describe([b, b]), read: describe(core.deserialize(blob)), fields: { shared: { [id]: '070809' } } };
  });
  one('wasm-module', 'an empty WebAssembly.Module, by its id', () => {
    const m = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
    const blob = core.serialize([m, m]);
    return { blob, original: describe([m, m]), read: describe(core.deserialize(blob)) };
  });
  one('wasm-memory', 'a shared WebAssembly.Memory of one page, at most two', () => {
    const m = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true }), after = {};
    const value = { m, after, again: [m, after] };
    const blob = core.serialize(value);
    return { blob, original: describe(value), read: describe(core.deserialize(blob)), fields: { shared: { [blob[10]]: { length: 65536, about: 'all zero' } }, wasm_memory: { initial: 1, maximum: 2 } } };
  });
  one('host-object', 'two objects of the embedder by their index, met again', () => {
    const make = () => ({ [core.hostObjectBrand]: true });
    const a = make(), b = make();
    const blob = core.serialize([a, b, a, {}], { hostObjects: [a, b] });
    const text = (v) => describe(v, { host: (o) => o === a ? ['host', [['index', ['number', '0']]]] : o === b ? ['host', [['index', ['number', '1']]]] : undefined });
    return { blob, original: text([a, b, a, {}]), read: text(core.deserialize(blob, { hostObjects: [a, b] })), fields: { host: { about: 'uint32 index into a list of objects; 2^32 - 1: a value follows instead', payload: ['uint32'] } } };
  });
  one('host-object-cloned', 'an object with a clone function: 2^32 - 1 and a value', () => {
    const o = { [core.hostObjectBrand]: () => ({ type: 'Point', x: 1, y: [2] }) };
    const blob = core.serialize([o, o, {}]);
    const description = ['array', 3, [['host', [['index', ['number', '4294967295']], ['a', ['object', [['type', ['string', 'Point']], ['x', ['number', '1']], ['y', ['array', 1, [['number', '2']], []]]]]]]], ['ref', 1], ['object', []]], []];
    return { blob, original: description, read: description, fields: { host: { about: 'uint32 2^32 - 1, then a value: what the clone function gave', payload: ['uint32', 'value'] }, note: 'described by hand: reading needs a function registered for the type' } };
  });
}
