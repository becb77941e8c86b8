// Takes the values out of the files of Chromium's IndexedDB: the LevelDB log (all is still there while the
// database is small) and the folder of blob files.
// Usage: node extract.mjs <folder ending in .indexeddb.leveldb> <report.json> <folder to write to> <version>
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [database, reportFile, folder, version] = process.argv.slice(2);
const blobs = database.replace(/\.leveldb\/?$/, ".blob");
const { report } = JSON.parse(readFileSync(reportFile, "utf8"));

const varint = (bytes, at) => {
  let value = 0, scale = 1, byte;
  do {
    byte = bytes[at.offset++];
    value += (byte & 127) * scale;
    scale *= 128;
  } while (byte & 128);
  return value;
};

// Blocks of 32 KiB; records of checksum (4), length (2), type (1: whole, 2: first, 3: middle, 4: last).
function* batches(log) {
  let parts = [];
  for (let block = 0; block < log.length; block += 32768) {
    const end = Math.min(block + 32768, log.length);
    for (let at = block; at + 7 <= end;) {
      const length = log.readUInt16LE(at + 4);
      const type = log[at + 6];
      if (type === 0) break;
      parts.push(log.subarray(at + 7, at + 7 + length));
      if (type === 1 || type === 4) {
        yield Buffer.concat(parts);
        parts = [];
      }
      at += 7 + length;
    }
  }
}

function* puts(batch) {
  const at = { offset: 12 };
  while (at.offset < batch.length) {
    const put = batch[at.offset++] === 1;
    const pieces = [];
    for (let piece = 0; piece < (put ? 2 : 1); piece++) {
      const length = varint(batch, at);
      pieces.push(batch.subarray(at.offset, at.offset + length));
      at.offset += length;
    }
    if (put) yield pieces;
  }
}

const values = new Map();
for (const file of readdirSync(database).filter((name) => name.endsWith(".log"))) {
  for (const batch of batches(readFileSync(join(database, file)))) {
    for (const [key, value] of puts(batch)) {
      // Database 1, store 1, index 1 (the values themselves), then a key of type string.
      if (key.subarray(0, 5).toString("hex") !== "0001010101") continue;
      const at = { offset: 5 };
      const length = varint(key, at);
      const name = Buffer.from(key.subarray(at.offset, at.offset + 2 * length)).swap16().toString("utf16le");
      const start = { offset: 0 };
      varint(value, start);
      values.set(name, value.subarray(start.offset));
    }
  }
}

const write = (name, bytes, value, about) => {
  // Of long ones the start is kept, where the wrapping stands.
  const kept = bytes.length > 4096 ? bytes.subarray(0, 256) : bytes;
  writeFileSync(join(folder, name + ".v8"), kept);
  const json = { case: name, engine: "chromium", version, about, value };
  if (kept.length < bytes.length) json.note = `the first ${kept.length} of ${bytes.length} bytes`;
  writeFileSync(join(folder, name + ".json"), JSON.stringify(json, null, 1) + "\n");
  console.log(name, bytes.length, bytes.subarray(0, 120).toString("hex"));
};
const refused = [];
for (const { name, value, stored, error } of report) {
  if (stored) write(name, values.get(name), value, "the value in IndexedDB's LevelDB log");
  else refused.push(`${name}: ${value}: ${error}`);
}
writeFileSync(join(folder, "cannot.txt"), refused.join("\n") + "\n");
// Values that IndexedDB put in files of their own, told by their size, among the contents of Blobs and Files.
for (const file of readdirSync(blobs, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())) {
  const bytes = readFileSync(join(file.parentPath, file.name));
  for (const { name, value } of report) {
    const wrapper = values.get(name);
    if (wrapper?.subarray(0, 3).toString("hex") !== "ff1101") continue;
    if (varint(wrapper, { offset: 3 }) === bytes.length) {
      write(name + "-file", bytes, value, `the file that the value of ${name} stands for`);
    }
  }
}
