'use strict';
// The messages that child processes exchange with `serialization: 'advanced'`:
// each is a length (uint32, big-endian) and a blob whose host objects begin
// with 0 (a view, as in v8.serialize) or 1 (any other object, as a value).
// The blobs are kept without their lengths.

const fs = require('fs');
const os = require('os');
const path = require('path');
const v8 = require('v8');
const { spawn } = require('child_process');
const { describe } = require('./describe.js');

const messages = [
  ['channel-object', 'a message to a child process', () => ({ cmd: 'run', args: [1, 'two', null], when: new Date(0) })],
  ['channel-views', 'views in a message', () => ({ bytes: Uint8Array.of(1, 2, 3), buffer: Buffer.from('text'), doubles: Float64Array.of(1.5), twice: [1] })],
  ['channel-host-object', 'an embedder\'s object in a message: its own properties are sent', () => {
    const h = new v8.Deserializer(Buffer.from([0xff, 0x0d]));
    h.extra = { a: 1 };
    return [h, h, h.extra];
  }, () => {
    const h = { buffer: Buffer.from([0xff, 0x0d]), extra: { a: 1 } };
    return [h, h, h.extra];
  }],
  ['channel-map', 'Map, Set, Error-free containers and references in a message', () => {
    const o = { o: 1 };
    return new Map([['a', new Set([o])], [o, [o, , undefined]]]); // eslint-disable-line no-sparse-arrays
  }]
];

class ChannelDeserializer extends v8.DefaultDeserializer {
  _readHostObject() {
    return this.readUint32() === 0 ? super._readHostObject() : this.readValue();
  }
}
function read(blob) {
  const d = new ChannelDeserializer(Buffer.from(new Uint8Array(blob).buffer));
  d.readHeader();
  return d.readValue();
}

// A child that is no Node program: it copies its end of the channel to a file.
function capture(values) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'channel-'));
  const file = path.join(dir, 'bytes');
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', 'cat <&3 >"$0"', file], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], serialization: 'advanced' });
    child.on('error', reject);
    child.on('exit', () => {
      const all = fs.readFileSync(file), blobs = [];
      fs.unlinkSync(file);
      fs.rmdirSync(dir);
      for (let at = 0; at < all.length;) {
        const length = all.readUInt32BE(at);
        blobs.push(all.slice(at + 4, at + 4 + length));
        at += 4 + length;
      }
      resolve(blobs);
    });
    let left = values.length;
    for (const v of values) child.send(v, () => { if (--left === 0) child.disconnect(); });
  });
}

module.exports = function ({ folder }) {
  if (Number(process.versions.node.split('.')[0]) < 12) {
    for (const m of messages) folder.cannot.push(m[0] + ': channels carry JSON only');
    return Promise.resolve();
  }
  return capture(messages.map((m) => m[2]())).then((blobs) => {
    if (blobs.length !== messages.length) throw new Error(blobs.length + ' messages on the channel');
    messages.forEach((m, i) => {
      folder.add(m[0], m[1], {
        serializer: 'channel',
        original: () => describe((m[3] || m[2])(), { hostViews: true }),
        write: () => blobs[i],
        read: (b) => describe(read(b), { hostViews: true })
      });
    });
  });
};
