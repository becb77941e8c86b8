// How Node reads several values of one stream when the first is of version 13 and read twice: later values refer to
// what its first reading left. What it prints stands in tests/deserializer.rs.
//
//   node scripts/second-reading.js      (Node 18 and later)
'use strict';
const v8 = require('v8');
const { inspect } = require('util');

// An array of a view with flags; two references to the array of the first reading; then, behind a header of version 15,
// its buffer with another view, and its view.
const hex = 'ff0d' + '410142020102564200020424' + '0001' + '5e00' + '5e00' +
  'ff0f' + '5e015642010100' + '5e02';
const deserializer = new v8.Deserializer(Buffer.from(hex, 'hex'));
deserializer.readHeader();
const [first, left, again] = [0, 1, 2].map(() => deserializer.readValue());
deserializer.readHeader();
const [other, view] = [0, 1].map(() => deserializer.readValue());
console.log(inspect({ first, left, other, view }, { depth: 9 }));
console.log({
  'the array that was left is one': left === again,
  'and another than the first': left !== first,
  'its view': left[0] === view,
  'the buffer of that': other.buffer === view.buffer,
  'not of the first': first[0].buffer !== view.buffer,
});
