// node check.js FOLDER NAME: reads the blobs of FOLDER, which we wrote, compares them with the values of
// cases.js, and writes the same values: lines of name, NAME and bytes in hex to FOLDER/engine.txt.
'use strict';
const assert = require('assert');
const fs = require('fs');
const v8 = require('v8');

const [folder, engine] = process.argv.slice(2);

function serialize(value, serializer) {
  if (serializer !== 'raw') return v8.serialize(value);
  const raw = new v8.Serializer();
  raw.writeHeader();
  raw.writeValue(value);
  return raw.releaseBuffer();
}

let equal = 0;
const lines = [];
const cannot = [];
for (const [name, make, serializer] of require('./cases.js')) {
  let theirs;
  let value;
  try {
    value = make();
    theirs = serialize(value, serializer);
    // Errors were objects without properties, once.
    if (value instanceof Error && !(v8.deserialize(theirs) instanceof Error)) throw new Error('error');
    if (value instanceof Error && value.cause && !v8.deserialize(theirs).cause) throw new Error('cause');
  } catch (error) {
    cannot.push(name);
    continue;
  }
  const ours = fs.readFileSync(folder + '/' + name + '.v8');
  const read = v8.deserialize(ours);
  // Older releases take no NaN for another, nor an invalid date.
  const invalid = value instanceof Date && isNaN(value) && read instanceof Date && isNaN(read);
  if (!invalid && !Object.is(read, value)) assert.deepStrictEqual(read, value, name);
  assert.strictEqual(ours.toString('hex'), theirs.toString('hex'), name);
  lines.push(name + ' ' + engine + ' ' + theirs.toString('hex') + '\n');
  equal += 1;
}
fs.writeFileSync(folder + '/engine.txt', lines.join(''));
console.log(engine + ': reads ' + equal + ' values of ours as they are, and writes the same bytes' +
  (cannot.length ? '; it has no ' + cannot.join(', ') : ''));
