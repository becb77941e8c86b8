// Writes inspect.txt: values that Node serializes, and what its util.inspect shows of them.
//
//     node tests/goldens/make.js
//
// Made with Node 20. A case is a line `name depth`, a line of base64 (`v8.serialize`), the lines of
// util.inspect of the value read back, each with a `|` in front, and an empty line. Cases with
// colours have `colors` behind the depth. No case holds an object twice outside of a cycle, a buffer
// above 50 bytes or a stack that differs from machine to machine: there `inspect` is not as Node is.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const util = require('node:util');
const v8 = require('node:v8');

const range = (n, f = (i) => i) => Array.from({ length: n }, (_, i) => f(i));
const nest = (n, wrap, inner) => range(n).reduce((value) => wrap(value), inner);
const error = (e, stack) => Object.defineProperty(e, 'stack', {
  value: stack, configurable: true, writable: true, enumerable: false,
});
const fix = (e) => error(e, `${e.name}: ${e.message}\n    at f (/app/a.js:1:2)\n    at /app/b.js:3:4`);

const cases = {
  // Primitives
  undefined: undefined,
  null: null,
  true: true,
  zero: 0,
  'minus-zero': -0,
  nan: NaN,
  infinity: -Infinity,
  double: 1.5e-7,
  large: 1e21,
  bigint: -(2n ** 100n),
  'bigint-long': 3n ** 400n,
  'empty-string': '',
  string: 'abc',
  'quote-single': "it's",
  'quote-both': `it's "so"`,
  'quote-all': 'it\'s "so" `then`',
  'quote-dollar': 'it\'s "so" ${x}',
  escapes: '\0\x01\b\t\n\v\f\r\x1b\\\x7f\x80\x9f\xa0é€',
  surrogates: 'a\ud83d\ude00b\ud83dc\ude00',
  'two-byte': 'Łódź €',
  'string-80': 'x'.repeat(80),
  'string-lines': range(5, (i) => `line ${i} of some text`).join('\n'),
  'string-lines-short': 'a\nb',
  'string-10001': 'y'.repeat(10001),
  'string-cut-many': 'é'.repeat(10100),

  // Objects
  'empty-object': {},
  object: { a: 1, b: 'two', c: null, d: undefined },
  keys: { 'a b': 1, 'a-b': 2, $: 3, _x1: 4, 1: 5, "it's": 6, é: 7, '': 8, '\n': 9 },
  proto: JSON.parse('{"__proto__": 1}'),
  wide: { first: 'x'.repeat(30), second: 'y'.repeat(30), third: 3 },
  'line-72': { aaaaaaaaaaaaaaaaaaa: 'b'.repeat(20), ccccccccccc: 'd'.repeat(10) },
  'line-73': { aaaaaaaaaaaaaaaaaaa: 'b'.repeat(20), ccccccccccc: 'd'.repeat(11) },
  'line-76': { aaaaaaaaaaaaaaaaaaaaaaaaa: 'b'.repeat(20), cccccccccccc: 'd'.repeat(10) },
  nested: { a: { b: { c: {} } } },
  'nested-4': { a: { b: { c: { d: 1 } } } },
  'nested-5': { a: { b: { c: { d: { e: 1 } } } }, f: 1 },
  'nested-last-shallow': { a: { b: { c: 1 } }, f: { g: 1 } },
  'long-in-object': { text: 'word '.repeat(30), list: range(30) },
  'lines-in-object': { text: range(8, (i) => `line ${i}`).join('\n') },
  app: {
    users: [{ id: 1, name: 'Ada', tags: ['a', 'b'], at: new Date(0) },
      { id: 2, name: 'Grace', tags: [], at: new Date(1e12) }],
    total: 2,
    options: new Map([['verbose', true], ['depth', 3]]),
    seen: new Set(['x', 'y']),
  },

  // Arrays
  'empty-array': [],
  array: [1, 'two', [3], { four: 4 }],
  'array-6': range(6),
  'array-7': range(7),
  'array-20': range(20),
  'array-100': range(100),
  'array-101': range(101),
  'array-150': range(150, (i) => i * i),
  'array-bigints': range(30, (i) => BigInt(i) ** 5n),
  'array-strings': range(30, (i) => 'abcdefghij'.slice(0, i % 10)),
  'array-words': 'the quick brown fox jumps over the lazy dog and runs away'.split(' '),
  'array-long-strings': range(8, (i) => `${i}`.repeat(40)),
  'array-mixed-lengths': ['a', 'bb', 'ccccccccccccccccccccccccccc', 'd', 'e', 'f', 'g', 'h'],
  'array-objects': range(10, (i) => ({ i })),
  'array-pairs': range(12, (i) => [i, i * 100]),
  'array-doubles': range(16, (i) => i / 7),
  'array-negative': range(26, (i) => (i % 2 ? -i : i)),
  'array-mixed': range(26, (i) => (i % 3 ? i : 'x')),
  'array-in-object': { deep: { list: range(26) } },
  'array-nested-many': range(3, (i) => range(10, (j) => i * j)),
  'matrix-small': range(3, (i) => range(3, (j) => i * j)),
  'array-named': Object.assign([1, 2], { name: 'x', 'a b': 1 }),
  'array-named-only': Object.assign([], { name: 'x' }),
  'array-named-many': Object.assign(range(10), { name: 'x', other: [1, 2] }),
  holes: [, , 1, , 2],
  'holes-end': [1, , ,],
  'holes-one': [,],
  'holes-all': new Array(5),
  'holes-many': Object.assign(new Array(200), { 3: 'a', 150: 'b' }),
  'holes-named': Object.assign([1, , 3], { x: 1 }),
  'sparse-huge': Object.assign([], { 4294967290: 1 }),
  'sparse-columns': Object.assign(range(20), { 30: 1, 40: 2 }),
  'depth-cut-array': nest(6, (x) => [x], 1),
  'depth-cut-object': nest(6, (x) => ({ x }), 1),
  'depth-cut-kinds': [[[[1]], [new Map([[1, 2]]), new Set([1]), new Map(), [], {}, { a: 1 }]]],
  'depth-cut-views': [[[[1], new ArrayBuffer(2), new Uint8Array(2), Buffer.from('a')]]],

  // Collections
  'empty-map': new Map(),
  map: new Map([['a', 1], [{ b: 1 }, [2]], [3, new Map([[4, 5]])]]),
  'map-wide': new Map(range(5, (i) => [`key number ${i}`, { value: 'x'.repeat(20) }])),
  'map-long-key': new Map([[{ a: 'x'.repeat(80), b: 1 }, { c: 'y'.repeat(80) }]]),
  'map-120': new Map(range(120, (i) => [i, i])),
  'empty-set': new Set(),
  set: new Set([1, 'a', [2]]),
  'set-30': new Set(range(30)),
  'set-120': new Set(range(120)),

  // Dates, patterns, wrappers
  date: new Date(1234567890123),
  'date-negative': new Date(-62198755200001),
  'date-year-10000': new Date(8640000000000000),
  'date-invalid': new Date(NaN),
  regexp: /a\/b[/]"'\n/dgimsuy,
  'regexp-empty': new RegExp(''),
  number: new Number(-0),
  'string-object': new String("it's"),
  boolean: new Boolean(false),
  'bigint-object': Object(12n),
  wrappers: [new Number(1), new String('a'), new Boolean(true), Object(1n), new Date(0), /x/g],

  // Bytes
  buffer: new Uint8Array([1, 2, 255]).buffer,
  'buffer-empty': new ArrayBuffer(0),
  'buffer-50': new Uint8Array(range(50)).buffer,
  'node-buffer': Buffer.from('hello'),
  'node-buffer-empty': Buffer.alloc(0),
  'node-buffer-50': Buffer.alloc(50, 7),
  'node-buffer-51': Buffer.alloc(51, 7),
  'node-buffer-60': { data: Buffer.alloc(60, 7) },
  uint8: new Uint8Array([1, 2, 3]),
  'uint8-empty': new Uint8Array(),
  'uint8-30': new Uint8Array(range(30)),
  'uint8-101': new Uint8Array(101),
  int16: new Int16Array([-1, 0, 32767]),
  float32: new Float32Array([0.1, -0, NaN]),
  float64: new Float64Array([0.1, 1e300, -Infinity]),
  bigint64: new BigInt64Array([-1n, 2n ** 62n]),
  biguint64: new BigUint64Array([0n, 2n ** 64n - 1n]),
  clamped: new Uint8ClampedArray([300, -1]),

  // Errors
  error: fix(new Error('broken')),
  'error-type': fix(new TypeError('not a\nfunction')),
  'error-no-stack': error(new RangeError('too much'), undefined),
  'error-no-frames': error(new Error('bare'), 'Error: bare'),
  'error-empty': error(new Error(), undefined),
  'error-own-stack': error(new Error('x'), 'whatever else'),
  'error-in-object': { status: 1, error: fix(new Error('broken')) },
  'error-in-array': [fix(new Error('broken')), error(new Error('bare'), 'Error: bare')],
  'error-message-like-frames': error(new Error('a\n    at b'), 'Error: a\n    at b'),
  'error-cause': error(new Error('outer', { cause: 'why' }), 'Error: outer\n    at f (a.js:1:2)'),
  'error-cause-short': error(new Error('outer', { cause: { code: 1 } }), undefined),
  'error-cause-error': error(
    new Error('outer', { cause: error(new TypeError('inner'), 'TypeError: inner\n    at g (b.js:3:4)') }),
    'Error: outer\n    at f (a.js:1:2)'),

  // Cycles
  'cycle-object': (() => { const a = { n: 1 }; a.self = a; return a; })(),
  'cycle-array': (() => { const a = [1]; a.push(a); return a; })(),
  'cycle-mutual': (() => { const a = { name: 'a' }, b = { name: 'b', a }; a.b = b; return a; })(),
  'cycle-two': (() => { const a = { b: {} }; a.b.b = a.b; a.a = a; return a; })(),
  'cycle-map': (() => { const m = new Map(); m.set('m', m); m.set(m, 1); return m; })(),
  'cycle-set': (() => { const s = new Set([1]); s.add(s); return s; })(),
  'cycle-deep': (() => { const a = { x: { y: [1, 2] } }; a.x.y.push(a); return { a }; })(),
  'cycle-long': (() => { const a = { text: 'x'.repeat(50), more: 'y'.repeat(20) }; a.a = a; return a; })(),
};

const depths = { 'nested-5': 10, 'nested-4': 10, app: 4, 'cycle-deep': 8 };
const colored = ['object', 'wrappers', 'array-20', 'holes', 'cycle-map', 'app', 'error-cause-short',
  'keys', 'undefined', 'buffer', 'bigint', 'depth-cut-array', 'uint8', 'string-lines'];

let text = '';
const emit = (name, colors) => {
  const bytes = v8.serialize(cases[name]);
  const depth = depths[name] ?? 2;
  const shown = util.inspect(v8.deserialize(bytes), { depth, colors, breakLength: 80 });
  text += `${name} ${depth}${colors ? ' colors' : ''}\n${bytes.toString('base64')}\n`;
  text += shown.split('\n').map((line) => `|${line}\n`).join('') + '\n';
};
for (const name of Object.keys(cases)) emit(name, false);
for (const name of colored) emit(name, true);
fs.writeFileSync(path.join(__dirname, 'inspect.txt'), text);
