// Puts bytes of our own in the place of values in Chromium's LevelDB log, so that the browser reads them.
// Usage: node change.mjs <log file> <cases.json: {"key": "hex", ...}>
import { readFileSync, writeFileSync } from "node:fs";

const [file, casesFile] = process.argv.slice(2);
const cases = JSON.parse(readFileSync(casesFile, "utf8"));

const table = Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? (byte >>> 1) ^ 0x82f63b78 : byte >>> 1;
  return byte >>> 0;
});
// LevelDB's masked CRC-32C.
const checksum = (bytes) => {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = table[(crc ^ byte) & 255] ^ (crc >>> 8);
  crc = ~crc >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
};
const readVarint = (bytes, at) => {
  let value = 0, scale = 1, byte;
  do {
    byte = bytes[at.offset++];
    value += (byte & 127) * scale;
    scale *= 128;
  } while (byte & 128);
  return value;
};
const varint = (value) => {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value & 127) | 128);
  return Buffer.from([...bytes, value]);
};

const log = readFileSync(file);
const batches = [];
let parts = [];
for (let block = 0; block < log.length; block += 32768) {
  const end = Math.min(block + 32768, log.length);
  for (let at = block; at + 7 <= end;) {
    const length = log.readUInt16LE(at + 4);
    const type = log[at + 6];
    if (type === 0) break;
    parts.push(log.subarray(at + 7, at + 7 + length));
    if (type === 1 || type === 4) {
      batches.push(Buffer.concat(parts));
      parts = [];
    }
    at += 7 + length;
  }
}
const changed = batches.map((batch) => {
  const out = [batch.subarray(0, 12)];
  const at = { offset: 12 };
  while (at.offset < batch.length) {
    const kind = batch[at.offset++];
    const pieces = [];
    for (let piece = 0; piece < (kind === 1 ? 2 : 1); piece++) {
      const length = readVarint(batch, at);
      pieces.push(batch.subarray(at.offset, at.offset + length));
      at.offset += length;
    }
    if (kind === 1 && pieces[0].subarray(0, 5).toString("hex") === "0001010101") {
      const from = { offset: 5 };
      const length = readVarint(pieces[0], from);
      const name = Buffer.from(pieces[0].subarray(from.offset, from.offset + 2 * length)).swap16().toString("utf16le");
      if (name in cases) {
        const version = { offset: 0 };
        readVarint(pieces[1], version);
        pieces[1] = Buffer.concat([pieces[1].subarray(0, version.offset), Buffer.from(cases[name], "hex")]);
      }
    }
    out.push(Buffer.of(kind), ...pieces.flatMap((piece) => [varint(piece.length), piece]));
  }
  return Buffer.concat(out);
});
const written = [];
let room = 32768;
for (let batch of changed) {
  for (let first = true; ; first = false) {
    if (room < 7) {
      written.push(Buffer.alloc(room));
      room = 32768;
    }
    const part = batch.subarray(0, room - 7);
    batch = batch.subarray(part.length);
    const type = first ? (batch.length ? 2 : 1) : batch.length ? 3 : 4;
    const header = Buffer.alloc(7);
    header.writeUInt32LE(checksum(Buffer.concat([Buffer.of(type), part])));
    header.writeUInt16LE(part.length, 4);
    header[6] = type;
    written.push(header, part);
    room -= 7 + part.length;
    if (!batch.length) break;
  }
}
writeFileSync(file, Buffer.concat(written));
