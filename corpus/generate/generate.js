'use strict';
// Runs inside one engine and writes its folder of the corpus:
//   node corpus/generate/generate.js [folder for all engines, default corpus]
//   deno run -A corpus/generate/generate.js ...
// Exits 1 when a value read back differs from the original and the table does
// not allow it. Must stay readable for Node 8.

const fs = require('fs');
const os = require('os');
const path = require('path');
const v8 = require('v8');
const { describe, toText } = require('./describe.js');
const table = require('./values.js');
const custom = require('./custom-cases.js');

const isDeno = typeof Deno === 'object';
const engine = isDeno
  ? 'deno-' + process.versions.deno.split('.').slice(0, 2).join('.')
  : 'node-' + process.versions.node.split('.')[0] + (os.endianness() === 'BE' ? '-' + process.arch : '');
const root = process.argv[2] || path.join(__dirname, '..');

// One folder under way: what was written, what could not be, what is wrong.
class Folder {
  constructor(name, head) {
    this.dir = path.join(root, name);
    this.head = head;
    this.written = new Set();
    this.cannot = [];
    this.wrong = [];
    if (!fs.existsSync(this.dir)) fs.mkdirSync(this.dir);
  }

  write(name, blob, fields, unstable) {
    if (this.written.has(name)) throw new Error('two cases named ' + name);
    this.written.add(name);
    const file = path.join(this.dir, name + '.v8');
    if (!(unstable && fs.existsSync(file))) fs.writeFileSync(file, blob);
    const all = Object.assign({ case: name }, this.head, fields);
    const lines = Object.keys(all).filter((k) => all[k] !== undefined)
      .map((k) => '  ' + JSON.stringify(k) + ': ' + toText(all[k]));
    fs.writeFileSync(path.join(this.dir, name + '.json'), '{\n' + lines.join(',\n') + '\n}\n');
  }

  // write() and read() may throw; original() must not.
  add(name, about, c) {
    let blob, original;
    try {
      original = toText(c.original());
      blob = c.write();
    } catch (e) {
      this.cannot.push(name + ': ' + short(e));
      return;
    }
    if (blob.length === 2 && !c.mayBeEmpty) {
      this.cannot.push(name + ': nothing is written behind the header');
      return;
    }
    let read, refused;
    try { read = toText(c.read(blob)); } catch (e) { refused = short(e); }
    const fields = Object.assign({ serializer: c.serializer, about }, c.fields);
    const key = c.key || 'value';
    if (read === original) {
      fields[key] = JSON.parse(original);
    } else if (c.lossy && read !== undefined) {
      fields[key] = JSON.parse(read);
      fields.original = JSON.parse(original);
    } else {
      fields[key] = JSON.parse(original);
      fields.own_reading = refused !== undefined ? { refused } : { ok: JSON.parse(read) };
      if (!c.misread) this.wrong.push(name + ': ' + (refused || 'read back: ' + read.slice(0, 600) + '\n    original: ' + original.slice(0, 600)));
    }
    this.write(name, blob, fields, c.unstable);
  }

  finish() {
    for (const f of fs.readdirSync(this.dir)) {
      const m = /^(.*)\.(v8|json)$/.exec(f);
      if (m && !this.written.has(m[1])) fs.unlinkSync(path.join(this.dir, f));
    }
    fs.writeFileSync(path.join(this.dir, 'cannot.txt'), this.cannot.map((l) => l + '\n').join(''));
    console.log(path.basename(this.dir) + ': ' + this.written.size + ' blobs, ' + this.cannot.length + ' it cannot make, ' + this.wrong.length + ' wrong');
    for (const w of this.wrong) console.log('  ' + w);
    if (this.wrong.length) process.exitCode = 1;
  }
}

// Messages of engines, without what differs from run to run.
function short(e) {
  return String(e && e.message || e).split('\n')[0].replace(/[^\x20-\x7e]/g, '?').slice(0, 120);
}

function rawWrite(value) {
  const s = new v8.Serializer();
  s.writeHeader();
  s.writeValue(value);
  return s.releaseBuffer();
}
function rawRead(blob) {
  // A copy at an even address of its own: Node reads views in place.
  const d = new v8.Deserializer(Buffer.from(new Uint8Array(blob).buffer));
  d.readHeader();
  return d.readValue();
}

const forms = {
  default: { write: (v) => v8.serialize(v), read: (b) => v8.deserialize(b), options: { hostViews: true } },
  raw: { write: rawWrite, read: rawRead, options: {} }
};

function addTable(folder, formNames, nameOf) {
  for (const c of table.cases) {
    for (const form of c.forms) {
      const f = formNames[form];
      if (!f) continue;
      folder.add(nameOf(c, form), c.about, {
        serializer: form,
        original: () => describe(c.make(), f.options),
        write: () => f.write(c.make()),
        read: (b) => describe(f.read(b), f.options),
        lossy: c.lossy, misread: c.misread, unstable: c.unstable
      });
    }
  }
}

const versions = isDeno ? { deno: process.versions.deno, v8: process.versions.v8 } : { node: process.version, v8: process.versions.v8 };
const folder = new Folder(engine, Object.assign({ engine }, versions));
addTable(folder, forms, (c, form) => form === 'raw' && c.forms.length > 1 ? c.name + '-raw' : c.name);
for (const c of custom(v8, table)) folder.add(c.name, c.about, Object.assign({ serializer: 'custom' }, c));
const more = isDeno ? require('./deno-storage.js') : require('./node-channel.js');
more({ Folder, folder, engine, versions, table }).then(() => folder.finish(), (e) => {
  console.error(e);
  process.exit(1);
});
