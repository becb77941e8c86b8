// What tests/serde_matrix.rs has in Rust, in JavaScript: by the same names, the values that an engine
// should read from our bytes, and of which it writes the bytes that we read.
//
// [name, value, serializer]: by `v8.serialize`, or 'raw' by a `v8.Serializer` as V8 has it. What an
// engine cannot make throws.
'use strict';

const bytes = (...list) => new Uint8Array(list).buffer;

/** An error that has this stack. */
function failure(Class, message, stack, cause) {
  const error = new Class(message);
  // Deno's stack can be replaced as well.
  Object.defineProperty(error, 'stack', { value: stack, writable: true, configurable: true });
  if (cause !== undefined) {
    Object.defineProperty(error, 'cause', { value: cause, writable: true, configurable: true });
  }
  return error;
}

function object(...pairs) {
  const result = {};
  for (const [key, value] of pairs) result[key] = value;
  return result;
}

const arrays = {
  'int8-array': () => new Int8Array([-1, 1]),
  'uint8-array': () => new Uint8Array([1, 255]),
  'uint8-clamped-array': () => new Uint8ClampedArray([1, 255]),
  'int16-array': () => new Int16Array([-300, 1]),
  'uint16-array': () => new Uint16Array([300, 1]),
  'int32-array': () => new Int32Array([-70000, 1]),
  'uint32-array': () => new Uint32Array([70000, 1]),
  'float16-array': () => new Float16Array([0.5, -2]),
  'float32-array': () => new Float32Array([0.5, -2]),
  'float64-array': () => new Float64Array([0.1, -0]),
  'big-int64-array': () => new BigInt64Array([BigInt(-1), BigInt(1)]),
  'big-uint64-array': () => new BigUint64Array([BigInt('18446744073709551615')]),
  'data-view': () => new DataView(bytes(1, 2, 3)),
};

const cases = [
  ['bool', () => [true, false]],
  ['i8', () => -128],
  ['i16', () => -32768],
  ['i32', () => -2147483648],
  ['i64', () => -5],
  ['i64-safe', () => -9007199254740991],
  ['i64-beyond', () => -BigInt('9007199254740992')],
  ['i128', () => -BigInt(5)],
  ['u8', () => 255],
  ['u16', () => 65535],
  ['u32', () => 4294967295],
  ['u64', () => 5],
  ['u64-safe', () => 9007199254740991],
  ['u64-beyond', () => BigInt('18446744073709551615')],
  ['u128', () => BigInt('340282366920938463463374607431768211455')],
  ['f32', () => 0.5],
  ['f64', () => 0.1],
  ['f64-integral', () => 3],
  ['f64-minus-zero', () => -0],
  ['f64-nan', () => NaN],
  ['f64-infinity', () => -Infinity],
  ['char', () => '\u{1F600}'],
  ['str', () => 'hello'],
  ['str-empty', () => ''],
  ['str-latin1', () => 'h\u00e9llo'],
  ['str-wide', () => '\u4e16\u754c'],
  ['bytes', () => Buffer.from('deadbeef', 'hex')],
  ['bytes-raw', () => new Uint8Array([0xDE, 0xAD]), 'raw'],
  ['bytes-array-buffer', () => bytes(1, 2)],
  ['none', () => null],
  ['none-undefined', () => undefined],
  ['some', () => 7],
  ['unit', () => null],
  ['unit-struct', () => null],
  ['newtype-struct', () => 'inner'],
  ['seq', () => [1, 2, 3]],
  ['seq-empty', () => []],
  ['seq-doubles', () => [1, 2.5]],
  ['seq-options', () => [1, null, 3]],
  ['tuple', () => [1, 'two', true]],
  ['tuple-struct', () => [1, 'two']],
  ['map', () => ({ a: 2, b: 1 })],
  ['map-empty', () => ({})],
  ['map-indices', () => object([10, 'ten'], [-1, 'minus'], [9, 'nine'])],
  ['map-booleans', () => object([false, 0], [true, 1])],
  ['map-tuples', () => new Map([[[0, 14], 'x'], [[15, 20], 'y']])],
  ['struct', () => ({ name: 'Ada', age: 36, next: { name: 'Alan', age: 41, next: null } })],
  ['struct-flatten', () => ({ id: 1, x: 2, y: 'z' })],
  ['external-unit', () => 'Unit'],
  ['external-newtype', () => ({ Newtype: 7 })],
  ['external-tuple', () => ({ Tuple: [7, 'x'] })],
  ['external-struct', () => ({ Struct: { a: 7 } })],
  ['internal-unit', () => ({ type: 'Unit' })],
  ['internal-struct', () => ({ type: 'Struct', a: 7 })],
  ['adjacent-unit', () => ({ t: 'Unit' })],
  ['adjacent-newtype', () => ({ t: 'Newtype', c: 7 })],
  ['adjacent-tuple', () => ({ t: 'Tuple', c: [7, 'x'] })],
  ['adjacent-struct', () => ({ t: 'Struct', c: { a: 7 } })],
  ['untagged-unit', () => null],
  ['untagged-newtype', () => 7],
  ['untagged-tuple', () => [7, 'x']],
  ['untagged-struct', () => ({ a: 7 })],
  ['date', () => new Date(1700000000123)],
  ['date-invalid', () => new Date(NaN)],
  ['regexp', () => /a\/b\u4e16/gi],
  ['bigint', () => -BigInt('1234567890123456789012345678901234567890')],
  ['bigint-zero', () => BigInt(0)],
  ['undefined', () => [undefined, null]],
  ['js-map', () => new Map([['k', new Map([[1, true]])], ['j', new Map()]])],
  ['js-set', () => new Set(['b', 'a'])],
  ['error', () => failure(TypeError, 'bad', 'TypeError: bad\n    at x.js:1:1')],
  ['error-cause', () => failure(Error, 'outer', 'at o', failure(RangeError, 'inner', 'at i'))],
  ['boxed-bool', () => [Object(true), Object(false)]],
  ['boxed-number', () => Object(-0.5)],
  ['boxed-string', () => Object('h\u00e9')],
  ['boxed-bigint', () => Object(BigInt(7))],
  ['array-buffer', () => bytes(1, 2, 3)],
  ['buffer', () => Buffer.from([1, 2, 3])],
  ['buffer-raw', () => new Uint8Array([1, 2, 3]), 'raw'],
  ['fields', () => ({
    time: new Date(5),
    id: BigInt(7),
    files: new Map([['a', 1]]),
    tags: new Set(['x']),
    ratios: new Float32Array([0.5]),
    note: undefined,
    nested: [new Date(6), '\u20ac'],
  })],
];
for (const name of Object.keys(arrays)) {
  cases.push([name, arrays[name]], [name + '-raw', arrays[name], 'raw']);
}

module.exports = cases;
