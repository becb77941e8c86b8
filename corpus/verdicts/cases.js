'use strict';
// The table of hand-made cases. corpus/verdicts/run.js asks the engines about
// each; README.md there explains the notation and the options.
//
// The bytes are written as words: two hex digits are a byte, 'text' is ASCII
// without blanks, u16:text is little-endian UTF-16, d:1.5 a double, z:-3 a
// zigzag varint, v:300 a varint. A tag is quoted, as 'o' or '"'.

const cases = [];
let topic;

// An expected verdict is not written here: the engines give it.
function add(name, about, bytes, options) {
  const entry = { name, topic, about, bytes };
  if (options) entry.options = options;
  cases.push(entry);
}
const V = (version) => 'ff ' + version.toString(16).padStart(2, '0') + ' ';
const v15 = V(15);
const v13 = V(13);
const uint32Host = { host: 'uint32' };

// ---------------------------------------------------------------------------
topic = 'oddballs';
add('undefined', 'undefined', v15 + "'_'");
add('null', 'null', v15 + "'0'");
add('true', 'true', v15 + "'T'");
add('false', 'false', v15 + "'F'");
add('hole-at-top', 'a hole stands only in a dense array', v15 + "'-'");
add('hole-as-property-value', 'a hole stands only in a dense array', v15 + "'o' '\"' 01 'a' '-' '{' 01");
add('hole-in-sparse-array', 'a hole stands only in a dense array', v15 + "'a' 01 'I' 00 '-' '@' 01 01");
add('hole-in-map', 'a hole stands only in a dense array', v15 + "';' 'I' 00 '-' ':' 02");
add('hole-in-set', 'a hole stands only in a dense array', v15 + "27 '-' ',' 01");
add('unknown-tag', 'a tag that no version has', v15 + "'j'");
add('end-tag-at-top', 'an end tag where a value is due', v15 + "'{' 00");

// ---------------------------------------------------------------------------
topic = 'numbers';
add('int32-zero', 'int32 0', v15 + "'I' 00");
add('int32-minus-one', 'int32 -1', v15 + "'I' 01");
add('int32-max', 'the largest int32', v15 + "'I' z:2147483647");
add('int32-min', 'the smallest int32', v15 + "'I' z:-2147483648");
add('int32-smi31-edges', '-2^30, -2^30-1, 2^30-1, 2^30 as int32',
  v15 + "'A' 04 'I' z:-1073741824 'I' z:-1073741825 'I' z:1073741823 'I' z:1073741824 '$' 00 04");
add('int32-overlong', 'an overlong varint: 1 in two bytes', v15 + "'I' 82 00");
add('int32-overlong-five', 'an overlong varint: 1 in five bytes', v15 + "'I' 82 80 80 80 00");
add('int32-excess-bits', 'bits beyond 32 in the fifth byte are dropped', v15 + "'I' 82 80 80 80 70");
add('int32-truncated', 'the varint ends early', v15 + "'I' 80");
add('varint-five-continued', 'a 32-bit varint stops after five bytes, though the fifth has its high bit set',
  v15 + "'A' 02 'I' 82 80 80 80 80 'I' 04 '$' 00 02");
add('varint-five-continued-at-end', 'a fifth byte with its high bit set needs some byte behind it, which is not read',
  v15 + "'I' 82 80 80 80 80");
add('varint-five-continued-then-one', 'the byte behind a continued fifth byte is left unread',
  v15 + "'I' 82 80 80 80 80 00");
add('varint-six-bytes', 'a sixth byte is not part of a 32-bit varint: here it stands where a tag is due',
  v15 + "'A' 02 'I' 82 80 80 80 80 01 'I' 04 '$' 00 02");
add('varint-six-bytes-padding', 'a sixth byte 00 is read as padding before the next tag',
  v15 + "'A' 02 'I' 82 80 80 80 80 00 'I' 04 '$' 00 02");
add('uint32-zero', 'uint32 0', v15 + "'U' 00");
add('uint32-max', 'the largest uint32', v15 + "'U' v:4294967295");
add('uint32-2-31', 'uint32 2^31', v15 + "'U' v:2147483648");
add('uint32-excess-bits', 'bits beyond 32 are dropped', v15 + "'U' ff ff ff ff 7f");
add('double-1-5', 'double 1.5', v15 + "'N' d:1.5");
add('double-integral', 'an integral double is the same number as an int32', v15 + "'A' 02 'N' d:7 'I' 0e '$' 00 02");
add('double-minus-zero', 'double -0', v15 + "'N' d:-0");
add('double-infinities', 'infinity and -infinity', v15 + "'A' 02 'N' d:Infinity 'N' d:-Infinity '$' 00 02");
add('double-extremes', 'largest, smallest normal, smallest denormal double, 2^53+2, 0.1',
  v15 + "'A' 05 'N' d:1.7976931348623157e308 'N' d:2.2250738585072014e-308 'N' d:5e-324 'N' d:9007199254740994 'N' d:0.1 '$' 00 05");
add('double-nan', 'the canonical NaN', v15 + "'N' 00 00 00 00 00 00 f8 7f");
add('double-nan-payload', 'NaNs with payload, sign, and the signalling bit: all read as NaN',
  v15 + "'A' 04 'N' 01 02 03 04 05 06 f8 7f 'N' 00 00 00 00 00 00 f8 ff 'N' 01 00 00 00 00 00 f0 7f 'N' ff ff f7 ff ff ff f7 ff '$' 00 04");
add('double-truncated', 'seven bytes of a double', v15 + "'N' 00 00 00 00 00 00 f8");

// ---------------------------------------------------------------------------
topic = 'bigint';
add('bigint-zero', 'BigInt 0: bitfield 0, no digits', v15 + "'Z' 00");
add('bigint-one', 'BigInt 1 as engines write it', v15 + "'Z' 10 01 00 00 00 00 00 00 00");
add('bigint-minus-one', 'BigInt -1', v15 + "'Z' 11 01 00 00 00 00 00 00 00");
add('bigint-2-64', 'two digits', v15 + "'Z' 20 00 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00");
add('bigint-one-byte', 'byte length 1', v15 + "'Z' 02 ff");
add('bigint-three-bytes', 'byte length 3, negative', v15 + "'Z' 07 01 02 03");
add('bigint-nine-bytes', 'byte length 9', v15 + "'Z' 12 00 00 00 00 00 00 00 00 01");
add('bigint-all-zero', 'eight zero bytes, positive: 0', v15 + "'Z' 10 00 00 00 00 00 00 00 00");
add('bigint-negative-all-zero', 'eight zero bytes with the sign: 0', v15 + "'Z' 11 00 00 00 00 00 00 00 00");
add('bigint-negative-one-zero-byte', 'one zero byte with the sign: 0', v15 + "'Z' 03 00");
add('bigint-leading-zero-digit', 'a high digit of zeros is dropped',
  v15 + "'Z' 20 05 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00");
add('bigint-sign-without-digits', 'the sign bit with byte length 0', v15 + "'Z' 01");
add('bigint-bit-31', 'bit 31 of the bitfield: V8 15.0 counts it to the length (2^30 + 1 bytes), older releases ignore it', v15 + "'Z' 82 80 80 80 08 05");
add('bigint-truncated', 'the digits end early', v15 + "'Z' 10 01 00 00 00 00 00 00");
add('bigint-length-huge', 'a length far beyond the input', v15 + "'Z' fe ff ff ff 07 00");

// ---------------------------------------------------------------------------
topic = 'strings';
add('one-byte-empty', 'empty one-byte string', v15 + "'\"' 00");
add('one-byte-ascii', 'ASCII', v15 + "'\"' 05 'hello'");
add('one-byte-latin-1', 'bytes 00 7f 80 a0 e9 ff are Latin-1 units', v15 + "'\"' 06 00 7f 80 a0 e9 ff");
add('one-byte-length-overlong', 'overlong length', v15 + "'\"' 81 80 00 'a'");
add('one-byte-truncated', 'one byte is missing', v15 + "'\"' 03 'ab'");
add('two-byte-empty', 'empty two-byte string', v15 + "'c' 00");
add('two-byte-even', 'data at an even offset', v15 + "00 'c' 04 u16:\u20ac\u4e2d");
add('two-byte-odd', 'data at an odd offset: alignment is not required', v15 + "'c' 04 u16:\u20ac\u4e2d");
add('two-byte-ascii', 'ASCII stored in two bytes', v15 + "'c' 06 u16:abc");
add('two-byte-surrogate-pair', 'a pair', v15 + "'c' 04 u16:\ud83d\ude00");
add('two-byte-lone-surrogates', 'lone high, lone low, swapped pair',
  v15 + "'c' 0e 3d d8 'a' 00 00 de 'b' 00 00 de 3d d8 'c' 00");
add('two-byte-feff', 'U+FEFF and U+FFFE are kept', v15 + "'c' 04 ff fe fe ff");
add('two-byte-odd-length', 'a byte length that is odd', v15 + "'c' 03 'a' 00 'b'");
add('two-byte-truncated', 'one byte is missing', v15 + "'c' 04 'a' 00 'b'");
add('utf8-empty', 'empty UTF-8 string', v15 + "'S' 00");
add('utf8-ascii', 'ASCII', v15 + "'S' 05 'hello'");
add('utf8-all-lengths', 'sequences of one to four bytes', v15 + "'S' 0a 'a' c3 a9 e2 82 ac f0 9f 98 80");
add('utf8-nul', 'a NUL inside', v15 + "'S' 03 'a' 00 'b'");
add('utf8-bom', 'a byte order mark at the start', v15 + "'S' 04 ef bb bf 'a'");
add('utf8-bom-inside', 'a byte order mark elsewhere', v15 + "'S' 05 'a' ef bb bf 'b'");
add('utf8-lone-continuation', 'a continuation byte alone', v15 + "'S' 03 'a' 80 'b'");
add('utf8-continuations', 'three continuation bytes', v15 + "'S' 03 80 bf 80");
add('utf8-overlong-two', 'overlong c0 80, c1 bf', v15 + "'S' 04 c0 80 c1 bf");
add('utf8-overlong-three', 'overlong e0 80 80', v15 + "'S' 03 e0 80 80");
add('utf8-overlong-four', 'overlong f0 80 80 80', v15 + "'S' 04 f0 80 80 80");
add('utf8-short-at-end', 'a three-byte sequence cut by the end', v15 + "'S' 03 'a' e2 82");
add('utf8-short-four-at-end', 'a four-byte sequence cut by the end', v15 + "'S' 03 f0 9f 98");
add('utf8-short-inside', 'sequences cut by another character', v15 + "'S' 08 e2 82 'a' f0 9f 98 'b' c3");
add('utf8-lead-then-lead', 'a lead byte after a lead byte', v15 + "'S' 05 e2 e2 82 ac c3");
add('utf8-above-10ffff', 'f4 90 80 80 is above U+10FFFF', v15 + "'S' 04 f4 90 80 80");
add('utf8-invalid-bytes', 'f5 f8 fc fe ff', v15 + "'S' 05 f5 f8 fc fe ff");
add('utf8-five-byte-form', 'the five-byte form of old', v15 + "'S' 05 f8 88 80 80 80");
add('utf8-surrogate', 'a surrogate in three bytes', v15 + "'S' 03 ed a0 80");
add('utf8-surrogate-pair', 'a pair in six bytes (CESU-8)', v15 + "'S' 06 ed a0 bd ed b8 80");
add('utf8-surrogate-cut', 'ed a0 at the end', v15 + "'S' 02 ed a0");
add('utf8-truncated', 'one byte is missing', v15 + "'S' 03 'ab'");
add('string-length-huge', 'a length of 2^32-1', v15 + "'\"' ff ff ff ff 0f 'a'");

// ---------------------------------------------------------------------------
topic = 'padding and object counts';
add('padding-before-value', 'padding before a tag', v15 + "00 00 00 'T'");
add('padding-in-object', 'padding before keys, values and the end tag', v15 + "'o' 00 '\"' 01 'a' 00 'I' 02 00 00 '{' 01");
add('padding-in-dense-array', 'padding before elements, holes and the end tag', v15 + "'A' 03 00 'I' 02 00 '-' 00 'T' 00 '$' 00 03");
add('padding-in-map', 'padding in a map', v15 + "';' 00 'I' 02 00 'I' 04 00 ':' 02");
add('padding-in-set', 'padding in a set', v15 + "27 00 'I' 02 00 ',' 01");
add('padding-before-view', 'padding between a buffer and its view', v15 + "'B' 02 01 02 00 00 'V' 'B' 00 02 00");
add('padding-before-view-subtag', 'no padding before the sub-tag of a view', v15 + "'B' 02 01 02 'V' 00 'B' 00 02 00");
add('padding-before-count', 'no padding before the count behind an end tag', v15 + "'o' '\"' 01 'a' 'I' 02 '{' 00 01");
add('padding-before-error-part', 'no padding before the part tags of an error', v15 + "'r' 00 'm' '\"' 01 'a' '.'");
add('padding-before-error-end', 'no padding before the end of an error', v15 + "'r' 'm' '\"' 01 'a' 00 '.'");
add('padding-in-error-message', 'padding before the tag of the message', v15 + "'r' 'm' 00 '\"' 01 'a' '.'");
add('padding-only', 'nothing but padding', v15 + '00 00 00');
add('padding-after-value', 'padding behind the value is not read', v15 + "'T' 00 00");
add('padding-before-header', 'a header is found only at the first byte: this is version 0', "00 ff 0f 'T'");
add('count-at-top', 'an object count before the value', v15 + "'?' 01 'o' '{' 00");
add('count-wrong', 'the number is ignored', v15 + "'?' v:4000000000 'T'");
add('count-twice', 'two counts', v15 + "'?' 01 '?' 02 'I' 02");
add('count-as-element', 'a count before an element', v15 + "'A' 01 '?' 05 'I' 02 '$' 00 01");
add('count-before-key', 'a count before a key', v15 + "'o' '?' 05 '\"' 01 'a' '?' 00 'I' 02 '{' 01");
add('count-before-buffer', 'a count before a buffer and its view', v15 + "'?' 01 'B' 02 01 02 'V' 'B' 00 02 00");
add('count-before-end', 'a count before an end tag: a value is due', v15 + "'o' '?' 01 '{' 00");
add('count-before-hole', 'a count before a hole: a value is due', v15 + "'A' 01 '?' 01 '-' '$' 00 01");
add('count-before-view', 'a count between a buffer and V: V is no value', v15 + "'A' 01 'B' 02 01 02 '?' 01 'V' 'B' 00 02 00 '$' 00 01");
add('count-truncated', 'the count ends early', v15 + "'?' 80");
add('count-only', 'no value behind the count', v15 + "'?' 01");
add('count-before-string-part', 'a count before the pattern of a RegExp', v15 + "'R' '?' 01 '\"' 01 'a' 00");

// ---------------------------------------------------------------------------
topic = 'objects';
add('object-empty', 'empty object', v15 + "'o' '{' 00");
add('object-one', 'one property', v15 + "'o' '\"' 01 'a' 'I' 02 '{' 01");
add('object-empty-key', 'the empty key', v15 + "'o' '\"' 00 'T' '{' 01");
add('object-key-two-byte', 'two-byte key, and ASCII in two bytes', v15 + "'o' 'c' 02 u16:\u20ac 'T' 'c' 02 u16:a 'F' '{' 02");
add('object-key-utf8', 'UTF-8 keys, ASCII and not', v15 + "'o' 'S' 01 'a' 'T' 'S' 02 c3 a9 'F' '{' 02");
add('object-key-utf8-invalid', 'an invalid UTF-8 key', v15 + "'o' 'S' 02 'a' ff 'T' '{' 01");
add('object-key-proto', '__proto__ is a key like others', v15 + "'o' '\"' 09 '__proto__' 'I' 02 '{' 01");
add('object-key-constructor', 'names that Object.prototype has', v15 + "'o' '\"' 0b 'constructor' 'T' '\"' 08 'toString' 'F' '{' 02");
add('object-key-lone-surrogate', 'a lone surrogate as key', v15 + "'o' 'c' 02 00 d8 'T' '{' 01");
add('object-keys-integers', 'integer keys come first, ascending', v15 + "'o' '\"' 01 'b' 'T' 'I' 14 'T' 'U' 02 'F' '\"' 01 'a' 'F' '{' 04");
add('object-keys-integer-strings', 'strings that are integers are the same keys', v15 + "'o' '\"' 01 'x' 'T' '\"' 02 '10' 'T' 'c' 02 u16:9 'F' '{' 03");
add('object-keys-not-index', '"01", "-1", "1.0", "4294967296" are names', v15 + "'o' '\"' 02 '01' 'I' 00 '\"' 02 '-1' 'I' 02 '\"' 03 '1.0' 'I' 04 '\"' 0a '4294967296' 'I' 06 'I' 00 'I' 08 '{' 05");
add('object-key-negative-int', 'a negative int32 as key', v15 + "'o' 'I' 01 'T' '{' 01");
add('object-keys-double', 'doubles as keys: 1.5 NaN -0 1e21 4294967295 -1.5e-7 Infinity',
  v15 + "'o' 'N' d:1.5 'I' 00 'N' d:NaN 'I' 02 'N' d:-0 'I' 04 'N' d:1e21 'I' 06 'N' d:4294967295 'I' 08 'N' d:-1.5e-7 'I' 0a 'N' d:Infinity 'I' 0c '{' 07");
add('object-keys-uint32', 'the largest index and the number above it', v15 + "'o' 'U' v:4294967295 'T' 'U' v:4294967294 'F' '{' 02");
add('object-key-2-53', 'a double above 2^53', v15 + "'o' 'N' d:9007199254740992 'T' 'N' d:123456789012345680000 'F' '{' 02");
for (const [name, about, bytes] of [
  ['same', 'the same key twice', "'\"' 01 'a' 'I' 00 '\"' 01 'a' 'I' 02"],
  ['one-and-two-byte', 'the same key in one and two bytes', "'\"' 01 'a' 'I' 00 'c' 02 u16:a 'I' 02"],
  ['one-byte-and-utf8', 'the same key in Latin-1 and UTF-8', "'\"' 01 e9 'I' 00 'S' 02 c3 a9 'I' 02"],
  ['int-and-string', '1 and "1"', "'I' 02 'I' 00 '\"' 01 '1' 'I' 02"],
  ['int-and-uint', 'int32 1 and uint32 1', "'I' 02 'I' 00 'U' 01 'I' 02"],
  ['int-and-double', '1 and 1.0', "'I' 02 'I' 00 'N' d:1 'I' 02"],
  ['double-and-string', '1.5 and "1.5"', "'N' d:1.5 'I' 00 '\"' 03 '1.5' 'I' 02"],
  ['nan-and-string', 'NaN and "NaN"', "'N' d:NaN 'I' 00 '\"' 03 'NaN' 'I' 02"],
  ['zero-and-minus-zero', '0 and -0', "'I' 00 'I' 00 'N' d:-0 'I' 02"],
  ['empty', 'the empty key twice', "'\"' 00 'I' 00 'S' 00 'I' 02"],
  ['proto', '__proto__ twice', "'\"' 09 '__proto__' 'I' 00 '\"' 09 '__proto__' 'I' 02"],
  ['invalid-utf8', 'two different invalid UTF-8 keys that both read as U+FFFD', "'S' 01 80 'I' 00 'S' 01 ff 'I' 02"],
]) add('duplicate-key-' + name, 'a duplicate key: ' + about, v15 + "'o' " + bytes + " '{' 02");
add('duplicate-key-third', 'a duplicate key behind two others', v15 + "'o' '\"' 01 'a' 'I' 00 '\"' 01 'b' 'I' 02 '\"' 01 'a' 'I' 04 '{' 03");
for (const [name, about, bytes] of [
  ['true', 'true', "'T'"], ['null', 'null', "'0'"], ['undefined', 'undefined', "'_'"],
  ['object', 'an object', "'o' '{' 00"], ['bigint', 'a BigInt', "'Z' 00"],
  ['string-object', 'a String object', "'s' '\"' 01 'a'"], ['date', 'a Date', "'D' d:0"],
  ['self', 'a reference to the object itself', "'^' 00"], ['hole', 'a hole', "'-'"],
  ['buffer', 'an ArrayBuffer', "'B' 01 00"],
]) add('object-key-' + name, 'a key is a string or a number, not ' + about, v15 + "'o' " + bytes + " 'T' '{' 01");
add('object-count-low', 'the count is one too low', v15 + "'o' '\"' 01 'a' 'T' '{' 00");
add('object-count-high', 'the count is one too high', v15 + "'o' '\"' 01 'a' 'T' '{' 02");
add('object-count-excess-bits', 'excess bits of the count are dropped', v15 + "'o' '\"' 01 'a' 'T' '{' 81 80 80 80 70");
add('object-key-without-value', 'the end tag where a value is due', v15 + "'o' '\"' 01 'a' '{' 01");
add('object-ended-as-array', 'the end tag of a dense array', v15 + "'o' '$' 00 00");
add('object-ended-as-sparse', 'the end tag of a sparse array', v15 + "'o' '@' 00 00");
// V8 reads an object whose keys it has met before along another path.
const ab = "'o' '\"' 01 'a' 'I' 02 '\"' 01 'b' 'I' 04 '{' 02 ";
add('object-same-keys', 'objects with the same keys in three encodings, and values of other kinds',
  v15 + "'A' 04 " + ab + ab + "'o' 'S' 01 'a' 'N' d:1.5 'c' 02 u16:b 'o' '{' 00 '{' 02 'o' '\"' 01 'b' 'T' '\"' 01 'a' '0' '{' 02 '$' 00 04");
add('object-same-keys-then-more', 'an object that goes on behind the same keys', v15 + "'A' 02 " + ab + "'o' '\"' 01 'a' 'I' 02 '\"' 01 'b' 'I' 04 '\"' 01 'c' 'T' 'I' 00 'F' '{' 04 '$' 00 02");
add('duplicate-key-same-keys', 'a duplicate key behind keys met before', v15 + "'A' 02 " + ab + "'o' '\"' 01 'a' 'I' 02 '\"' 01 'b' 'I' 04 '\"' 01 'a' 'I' 06 '{' 03 '$' 00 02");
add('object-same-keys-count', 'a wrong count behind keys met before', v15 + "'A' 02 " + ab + "'o' '\"' 01 'a' 'I' 02 '\"' 01 'b' 'I' 04 '{' 01 '$' 00 02");
add('object-nested', 'objects in objects', v15 + "'o' '\"' 01 'a' 'o' '\"' 01 'a' 'o' '{' 00 '{' 01 '{' 01");

// ---------------------------------------------------------------------------
topic = 'dense arrays';
add('dense-empty', 'empty array', v15 + "'A' 00 '$' 00 00");
add('dense-mixed', 'elements of several kinds', v15 + "'A' 05 'I' 02 'N' d:2.5 '_' '0' '\"' 01 'x' '$' 00 05");
add('dense-holes', 'holes at the start, inside and at the end', v15 + "'A' 05 '-' 'I' 02 '-' '-' '-' '$' 00 05");
add('dense-undefined', 'undefined is an element', v15 + "'A' 02 '_' '_' '$' 00 02");
add('dense-named', 'named properties', v15 + "'A' 01 'I' 02 '\"' 01 'a' 'T' '\"' 01 'b' 'F' '$' 02 01");
add('dense-index-beyond', 'an index beyond the length makes the array longer', v15 + "'A' 01 'I' 02 'I' 0a 'T' '$' 01 01");
add('dense-index-fills-hole', 'an index property fills a hole', v15 + "'A' 02 '-' 'I' 02 'I' 00 'T' '$' 01 02");
add('dense-index-string-fills-hole', 'so does a string that is an index', v15 + "'A' 02 '-' 'I' 02 '\"' 01 '0' 'T' '$' 01 02");
add('dense-index-of-element', 'an index that is there already', v15 + "'A' 01 'I' 02 'I' 00 'T' '$' 01 01");
add('dense-index-string-of-element', 'the same as a string', v15 + "'A' 01 'I' 02 '\"' 01 '0' 'T' '$' 01 01");
add('dense-object-behind-object', 'an object in the place of a key, behind a property that is one',
  v15 + "'A' 03 'T' 'T' 'T' '\"' 01 'a' 'o' '{' 00 'o' '{' 00 '$' 02 03");
add('dense-object-behind-last', 'an object behind the last element, which is one',
  v15 + "'A' 01 'o' '{' 00 'o' '{' 00 '$' 01 01");
add('dense-length-key', 'the key length is there already', v15 + "'A' 00 '\"' 06 'length' 'I' 02 '$' 01 00");
add('dense-length-key-two-byte', 'the same in two bytes', v15 + "'A' 00 'c' 0c u16:length 'I' 02 '$' 01 00");
add('dense-keys-not-index', '-1, 1.5 and 2^32-1 are names', v15 + "'A' 00 'I' 01 'I' 00 'N' d:1.5 'I' 02 'U' v:4294967295 'I' 04 '$' 03 00");
add('dense-duplicate-name', 'a name twice', v15 + "'A' 00 '\"' 01 'a' 'T' '\"' 01 'a' 'T' '$' 02 00");
add('dense-key-null', 'a key that is neither string nor number', v15 + "'A' 00 '0' 'T' '$' 01 00");
add('dense-hole-as-name', 'a hole behind the last element', v15 + "'A' 01 'I' 02 '-' '$' 00 01");
add('dense-too-few', 'the end tag where an element is due', v15 + "'A' 02 'I' 02 '$' 00 02");
add('dense-too-many', 'one element too many is read as a key', v15 + "'A' 01 'I' 02 'I' 04 '$' 00 01");
add('dense-two-too-many', 'two elements too many are read as a property', v15 + "'A' 01 'I' 02 'I' 04 'I' 06 '$' 00 01");
add('dense-count-low', 'the property count is too low', v15 + "'A' 00 '\"' 01 'a' 'T' '$' 00 00");
add('dense-count-high', 'the property count is too high', v15 + "'A' 00 '\"' 01 'a' 'T' '$' 02 00");
add('dense-end-length-differs', 'the second length differs', v15 + "'A' 01 'I' 02 '$' 00 02");
add('dense-end-length-grown', 'the second length is the first one, not that of the grown array', v15 + "'A' 01 'I' 02 'I' 0a 'T' '$' 01 06");
add('dense-length-above-rest', 'a length above the number of bytes left', v15 + "'A' 05 'T' '$' 00 05");
add('dense-length-equals-rest', 'a length equal to the bytes left gets past that check, then ends early', v15 + "'A' 04 'T' 'T' 'T' 'T'");
add('dense-length-huge', 'a length of 2^32-1', v15 + "'A' ff ff ff ff 0f '$' 00 ff ff ff ff 0f");
add('dense-ended-as-object', 'the end tag of an object', v15 + "'A' 00 '{' 00");
add('dense-nested', 'arrays in arrays', v15 + "'A' 02 'A' 01 'A' 00 '$' 00 00 '$' 00 01 'A' 00 '$' 00 00 '$' 00 02");

// ---------------------------------------------------------------------------
topic = 'sparse arrays';
add('sparse-empty', 'no element, length 0', v15 + "'a' 00 '@' 00 00");
add('sparse-holes', 'length 3, nothing there', v15 + "'a' 03 '@' 00 03");
add('sparse-elements', 'two elements and a name', v15 + "'a' 05 'I' 02 'T' 'U' 03 'F' '\"' 01 'a' '0' '@' 03 05");
add('sparse-undefined', 'undefined is an element', v15 + "'a' 02 'I' 00 '_' '@' 01 02");
add('sparse-index-at-length', 'an index at the length makes the array longer', v15 + "'a' 02 'I' 04 'T' '@' 01 02");
add('sparse-index-far-beyond', 'an index far beyond the length', v15 + "'a' 00 'U' v:4294967294 'T' '@' 01 00");
add('sparse-length-max', 'length 2^32-1', v15 + "'a' ff ff ff ff 0f 'U' v:4294967294 'T' 'I' 00 'F' '@' 02 ff ff ff ff 0f");
add('sparse-index-max-plus-one', '2^32-1 is a name', v15 + "'a' 00 'U' v:4294967295 'T' '@' 01 00");
add('sparse-keys-out-of-order', 'any order', v15 + "'a' 03 'I' 04 'T' 'I' 00 'F' '@' 02 03");
add('sparse-duplicate-index', 'an index twice', v15 + "'a' 03 'I' 02 'T' 'I' 02 'F' '@' 02 03");
add('sparse-duplicate-index-string', 'an index as number and string', v15 + "'a' 03 'I' 02 'T' '\"' 01 '1' 'F' '@' 02 03");
add('sparse-length-key', 'the key length is there already', v15 + "'a' 01 '\"' 06 'length' 'I' 02 '@' 01 01");
add('sparse-count-low', 'the property count is too low', v15 + "'a' 01 'I' 00 'T' '@' 00 01");
add('sparse-count-high', 'the property count is too high', v15 + "'a' 01 'I' 00 'T' '@' 02 01");
add('sparse-end-length-differs', 'the second length differs', v15 + "'a' 01 'I' 00 'T' '@' 01 02");
add('sparse-ended-as-dense', 'the end tag of a dense array', v15 + "'a' 00 '$' 00 00");

// ---------------------------------------------------------------------------
topic = 'dates and wrappers';
add('date-zero', 'the epoch', v15 + "'D' d:0");
add('date-nan', 'an invalid date', v15 + "'D' d:NaN");
add('date-fraction', 'a fraction is cut off', v15 + "'A' 02 'D' d:1.9 'D' d:-1.9 '$' 00 02");
add('date-minus-zero', '-0 and -0.5 are 0', v15 + "'A' 02 'D' d:-0 'D' d:-0.5 '$' 00 02");
add('date-limits', 'the first and last date', v15 + "'A' 02 'D' d:8.64e15 'D' d:-8.64e15 '$' 00 02");
add('date-beyond-limits', 'beyond them a date is invalid', v15 + "'A' 03 'D' d:8640000000000001 'D' d:Infinity 'D' d:1e300 '$' 00 03");
add('date-truncated', 'seven bytes', v15 + "'D' 00 00 00 00 00 00 00");
add('boolean-objects', 'true and false as objects', v15 + "'A' 02 'y' 'x' '$' 00 02");
add('number-objects', 'Number objects: 1.5 NaN -0', v15 + "'A' 03 'n' d:1.5 'n' d:NaN 'n' d:-0 '$' 00 03");
add('number-object-truncated', 'seven bytes', v15 + "'n' 00 00 00 00 00 00 00");
add('bigint-object', 'a BigInt object', v15 + "'z' 11 05 00 00 00 00 00 00 00");
add('bigint-object-sign-without-digits', 'the sign bit with byte length 0', v15 + "'z' 01");
add('string-object', 'a String object', v15 + "'s' '\"' 02 'ab'");
add('string-object-two-byte', 'with padding', v15 + "'s' 00 'c' 02 u16:\u20ac");
add('string-object-utf8', 'UTF-8 behind its tag', v15 + "'s' 'S' 02 c3 a9");
add('string-object-number', 'a number is no string', v15 + "'s' 'I' 02");
add('string-object-nested', 'a String object is no string', v15 + "'s' 's' '\"' 01 'a'");
add('string-object-raw', 'a raw UTF-8 string is of versions below 12', v15 + "'s' 02 'ab'");

// ---------------------------------------------------------------------------
topic = 'regular expressions';
add('regexp-plain', 'no flags', v15 + "'R' '\"' 03 'a.b' 00");
add('regexp-empty', 'the empty pattern', v15 + "'R' '\"' 00 00");
add('regexp-slash', 'a slash and a line end in the pattern', v15 + "'R' '\"' 04 'a/b' 0a 00");
add('regexp-two-byte', 'two-byte pattern', v15 + "'R' 00 'c' 02 u16:\u20ac 01");
const regexpFlags = ['g', 'i', 'm', 'y', 'u', 's', 'l', 'd', 'v', 'none', 'none'];
regexpFlags.forEach((letter, bit) => add('regexp-flag-bit-' + bit, 'flag bit ' + bit + ' (' + letter + ')',
  v15 + "'R' '\"' 01 'a' v:" + (1 << bit)));
add('regexp-flags-gimyus', 'all flags of old', v15 + "'R' '\"' 01 'a' v:63");
add('regexp-flags-dgimsuy', 'all flags with u', v15 + "'R' '\"' 01 'a' v:191");
add('regexp-flags-dgimsvy', 'all flags with v', v15 + "'R' '\"' 01 'a' v:431");
add('regexp-flags-u-and-v', 'u and v together', v15 + "'R' '\"' 01 'a' v:272");
add('regexp-flags-bit-31', 'flag bit 31', v15 + "'R' '\"' 01 'a' v:2147483648");
add('regexp-flags-excess', 'bits beyond 32 are dropped', v15 + "'R' '\"' 01 'a' 81 80 80 80 10");
add('regexp-flags-overlong', 'overlong flags', v15 + "'R' '\"' 01 'a' 83 00");
add('regexp-flags-missing', 'no flags at the end', v15 + "'R' '\"' 01 'a'");
add('regexp-open-group', 'a pattern that does not compile', v15 + "'R' '\"' 01 '(' 00");
add('regexp-quantifier', 'nothing to repeat', v15 + "'R' '\"' 01 '*' 00");
add('regexp-only-u-refuses', 'a pattern that only u refuses: with u', v15 + "'R' '\"' 02 '\\a' v:16");
add('regexp-without-u-accepts', 'a pattern that only u refuses: without u', v15 + "'R' '\"' 02 '\\a' 00");
add('regexp-only-v-refuses', 'a pattern that only v refuses: with v', v15 + "'R' '\"' 03 '[(]' v:256");
add('regexp-v-set', 'set notation with v', v15 + "'R' '\"' 08 '[\\w--\\d]' v:256");
add('regexp-lookbehind', 'lookbehind (V8 6.2)', v15 + "'R' '\"' 06 '(?<=a)' 00");
add('regexp-named-group', 'a named group (V8 6.4)', v15 + "'R' '\"' 07 '(?<n>a)' v:16");
add('regexp-duplicate-names', 'one name in two alternatives (V8 12.5)', v15 + "'R' '\"' 0f '(?<n>a)|(?<n>b)' 00");
add('regexp-modifiers', 'modifiers in the pattern (V8 12.5)', v15 + "'R' '\"' 06 '(?i:a)' 00");
add('regexp-property', 'a Unicode property', v15 + "'R' '\"' 05 '\\p{L}' v:16");
add('regexp-lone-surrogate', 'a lone surrogate as pattern', v15 + "'R' 'c' 02 00 d8 00");
add('regexp-duplicate-names-escaped', 'the same, once in escapes', v15 + "'R' '\"' 14 '(?<\\u006e>a)|(?<n>b)' v:0");
add('regexp-same-name-twice', 'one name twice in one alternative', v15 + "'R' '\"' 0e '(?<n>a)(?<n>b)' v:0");
add('regexp-name-in-class', 'what looks like a group in a class, and behind an escape', v15 + "'R' '\"' 14 '[(?<n>](?<n>a)\\(?<n>' v:0");
add('regexp-wide-name', 'a name beyond the basic plane', v15 + "'R' 'c' 10 28 00 3f 00 3c 00 35 d8 9c dc 3e 00 61 00 29 00 v:0");
add('regexp-wide-name-u', 'the same with u', v15 + "'R' 'c' 10 28 00 3f 00 3c 00 35 d8 9c dc 3e 00 61 00 29 00 v:16");
add('regexp-wide-name-escaped', 'the same in escapes', v15 + "'R' '\"' 0f '(?<\\u{1d49c}>a)' v:0");
add('regexp-hyphen-escaped', 'an escaped hyphen with v', v15 + "'R' '\"' 02 '\\-' v:256");
add('regexp-hyphen-escaped-in-class', 'the same in a class', v15 + "'R' '\"' 04 '[\\-]' v:256");
add('regexp-lookbehind-twice', 'two lookbehinds that look like one name', v15 + "'R' '\"' 10 '(?<=a>b)(?<=a>b)' v:0");
add('regexp-bracket-in-class', 'a bracket in a class, and modifiers behind it', v15 + "'R' '\"' 09 '[[](?i:a)' v:0");
add('regexp-modifiers-v', 'modifiers with v', v15 + "'R' '\"' 06 '(?i:a)' v:256");
add('regexp-wide-name-surrogates', 'a name beyond the basic plane, as two escapes', v15 + "'R' '\"' 12 '(?<\\ud835\\udc9c>a)' v:0");
add('regexp-quantified-lookbehind', 'a quantifier behind a lookbehind (V8 6.2 only)', v15 + "'R' '\"' 07 '(?<=a)*' v:0");
add('regexp-pattern-number', 'a pattern that is no string', v15 + "'R' 'I' 02 00");
add('regexp-pattern-raw', 'a raw UTF-8 pattern is of versions below 12', v15 + "'R' 01 'a' 00");

// ---------------------------------------------------------------------------
topic = 'maps and sets';
add('map-empty', 'empty map', v15 + "';' ':' 00");
add('map-two', 'two entries: the count is of keys and values', v15 + "';' 'I' 02 'T' '\"' 01 'a' 'F' ':' 04");
add('map-odd-keys', 'NaN, undefined, an object, a map as key', v15 + "';' 'N' d:NaN 'I' 00 '_' 'I' 02 'o' '{' 00 'I' 04 ';' ':' 00 'I' 06 ':' 08");
add('map-same-key', 'a key twice: the last value, the first place; the count is of what was read', v15 + "';' 'I' 02 'T' 'I' 04 'T' 'I' 02 'F' ':' 06");
add('map-same-key-nan', 'NaN twice', v15 + "';' 'N' 00 00 00 00 00 00 f8 7f 'T' 'N' 01 00 00 00 00 00 f8 ff 'F' ':' 04");
add('map-same-key-zeros', '0 and -0 are one key, which is 0', v15 + "';' 'N' d:-0 'T' 'I' 00 'F' ':' 04");
add('map-same-key-strings', 'a string in three encodings', v15 + "';' '\"' 01 e9 'I' 00 'c' 02 u16:\u00e9 'I' 02 'S' 02 c3 a9 'I' 04 ':' 06");
add('map-same-key-bigint', 'a BigInt twice', v15 + "';' 'Z' 02 05 'I' 00 'Z' 10 05 00 00 00 00 00 00 00 'I' 02 ':' 04");
add('map-int-and-string', '1 and "1" are two keys', v15 + "';' 'I' 02 'T' '\"' 01 '1' 'F' ':' 04");
add('map-count-entries', 'the count is not of entries', v15 + "';' 'I' 02 'T' 'I' 04 'F' ':' 02");
add('map-count-collapsed', 'nor of what is left after duplicates', v15 + "';' 'I' 02 'T' 'I' 02 'F' ':' 02");
add('map-count-odd', 'an odd count', v15 + "';' 'I' 02 'T' ':' 03");
add('map-key-without-value', 'the end tag where a value is due', v15 + "';' 'I' 02 ':' 01");
add('set-empty', 'empty set', v15 + "27 ',' 00");
add('set-three', 'three values', v15 + "27 'I' 02 '\"' 01 'a' 'o' '{' 00 ',' 03");
add('set-same', 'a value four times in two forms, NaN twice, 0 and -0: the count is of what was read',
  v15 + "27 'I' 02 'I' 02 'N' d:1 'U' 01 'N' d:NaN 'N' d:NaN 'N' d:-0 'I' 00 ',' 08");
add('set-count-low', 'the count is too low', v15 + "27 'I' 02 'I' 04 ',' 01");
add('set-count-high', 'the count is too high', v15 + "27 'I' 02 ',' 02");
add('set-ended-as-map', 'the end tag of a map', v15 + "27 'I' 02 ':' 01");

// ---------------------------------------------------------------------------
topic = 'references';
add('ref-object-self', 'an object that holds itself', v15 + "'o' '\"' 01 'a' '^' 00 '{' 01");
add('ref-array-self', 'an array that holds itself', v15 + "'A' 01 '^' 00 '$' 00 01");
add('ref-sparse-self', 'a sparse array that holds itself', v15 + "'a' 01 'I' 00 '^' 00 '@' 01 01");
add('ref-map-self', 'a map that is its own key and value', v15 + "';' '^' 00 '^' 00 ':' 02");
add('ref-set-self', 'a set that holds itself', v15 + "27 '^' 00 ',' 01");
add('ref-error-self', 'an error that is its own cause', v15 + "'r' 'm' '\"' 01 'a' 'c' '^' 00 '.'");
add('ref-overlong', 'an overlong id', v15 + "'A' 01 '^' 80 80 00 '$' 00 01");
add('ref-at-top', 'a reference to nothing', v15 + "'^' 00");
add('ref-forward', 'an id that is given later', v15 + "'A' 02 '^' 01 'o' '{' 00 '$' 00 02");
add('ref-unknown', 'an id that is never given', v15 + "'A' 01 '^' 07 '$' 00 01");
add('ref-huge', 'id 2^32-1', v15 + "'A' 01 '^' ff ff ff ff 0f '$' 00 01");
// Each row: the value takes one id (1), the object behind it id 2.
for (const [name, bytes, options] of [
  ['object', "'o' '{' 00"], ['dense-array', "'A' 00 '$' 00 00"], ['sparse-array', "'a' 00 '@' 00 00"],
  ['date', "'D' d:0"], ['boolean-object', "'y'"], ['number-object', "'n' d:1"], ['bigint-object', "'z' 00"],
  ['string-object', "'s' '\"' 01 'a'"], ['regexp', "'R' '\"' 01 'a' 00"], ['map', "';' ':' 00"], ['set', "27 ',' 00"],
  ['buffer', "'B' 01 07"], ['resizable-buffer', "'~' 01 02 07"], ['immutable-buffer', "'C' 01 07"],
  ['transferred-buffer', "'t' 00", { transfers: { 0: '07' } }],
  ['shared-buffer', "'u' 00", { shared: { 0: '07' } }],
  ['error', "'r' 'm' '\"' 01 'a' '.'"], ['host-object', "'\\' 2a", uint32Host],
  ['wasm-module', "'w' 00", { modules: { 0: '0061736d01000000' } }],
]) add('id-of-' + name, 'takes one id', v15 + "'A' 04 " + bytes + " 'o' '{' 00 '^' 01 '^' 02 '$' 00 04", options);
add('id-of-view', 'a buffer takes an id and its view the next', v15 + "'A' 05 'B' 01 07 'V' 'B' 00 01 00 'o' '{' 00 '^' 01 '^' 02 '^' 03 '$' 00 05");
add('id-of-dataview', 'the same with a DataView', v15 + "'A' 05 'B' 01 07 'V' '?' 00 01 00 'o' '{' 00 '^' 01 '^' 02 '^' 03 '$' 00 05");
for (const [name, bytes] of [
  ['numbers', "'I' 02 'U' 02 'N' d:2.5"], ['strings', "'\"' 01 'a' 'c' 02 u16:a 'S' 01 'a'"],
  ['bigints', "'Z' 00 'Z' 02 01 'Z' 00"], ['oddballs', "'_' '0' 'T'"],
]) add('no-id-for-' + name, 'these take no id', v15 + "'A' 05 " + bytes + " 'o' '{' 00 '^' 01 '$' 00 05");
add('id-of-container-before-contents', 'a container takes its id before its contents',
  v15 + "'A' 03 'o' '\"' 01 'a' 'o' '{' 00 '{' 01 '^' 01 '^' 02 '$' 00 03");
add('id-of-error-before-contents', 'so does an error', v15 + "'A' 03 'r' 'c' 'o' '{' 00 '.' '^' 01 '^' 02 '$' 00 03");
add('id-of-host-before-contents', 'so does a host object: ids run on inside its payload',
  v15 + "'A' 03 '\\' 'o' '{' 00 '^' 02 'o' '{' 00 '$' 00 03", { host: 'value' });
add('ref-host-inside-itself', 'a host object cannot be referred to while its payload is read', v15 + "'\\' '^' 00", { host: 'value' });
add('ref-string-object-inside-itself', 'a reference is no string', v15 + "'s' '^' 00");
add('ref-then-view', 'a view behind a reference to a buffer', v15 + "'A' 02 'B' 02 01 02 '^' 01 'V' 'B' 01 01 00 '$' 00 02");
add('ref-then-view-ids', 'the view takes the next id, the buffer no second one',
  v15 + "'A' 05 'B' 02 01 02 'V' 'B' 00 02 00 '^' 01 'V' 'b' 01 01 00 '^' 01 '^' 02 '^' 03 '$' 00 05");
add('ref-to-view-then-view', 'a view behind a reference to a view: V is no value', v15 + "'A' 02 'B' 02 01 02 'V' 'B' 00 02 00 '^' 02 'V' 'B' 00 02 00 '$' 00 02");
add('ref-to-object-then-view', 'a view behind a reference to an object', v15 + "'A' 01 '^' 00 'V' 'B' 00 00 00 '$' 00 01");
add('ref-buffer-in-object', 'a buffer and two views of it in an object',
  v15 + "'o' '\"' 01 'b' 'B' 04 01 02 03 04 '\"' 01 'x' '^' 01 'V' 'B' 00 02 00 '\"' 01 'y' '^' 01 'V' 'W' 02 02 00 '{' 03");

// ---------------------------------------------------------------------------
topic = 'buffers';
add('buffer-empty', 'no bytes', v15 + "'B' 00");
add('buffer-three', 'three bytes', v15 + "'B' 03 01 02 ff");
add('buffer-length-overlong', 'overlong length', v15 + "'B' 83 80 00 01 02 03");
add('buffer-truncated', 'one byte is missing', v15 + "'B' 03 01 02");
add('buffer-length-huge', 'a length of 2^32-1', v15 + "'B' ff ff ff ff 0f 00");
add('buffer-length-bit-32-v15', 'bit 32 of the length in version 15', v15 + "'B' 81 80 80 80 10 07");
add('buffer-length-bit-32-v16', 'bit 32 of the length in version 16', V(16) + "'B' 81 80 80 80 10 07");
add('buffer-length-ten-bytes-v15', 'a ten-byte length of 1 in version 15', v15 + "'B' 81 80 80 80 80 80 80 80 80 00 07");
add('buffer-length-ten-bytes', 'a ten-byte length of 1', V(16) + "'B' 81 80 80 80 80 80 80 80 80 00 07");
add('buffer-length-excess-bits', 'bits beyond 64 in the tenth byte are dropped', V(16) + "'B' 81 80 80 80 80 80 80 80 80 7e 07");
add('buffer-length-tenth-continued', 'a 64-bit varint stops after ten bytes, though the tenth has its high bit set',
  V(16) + "'B' 81 80 80 80 80 80 80 80 80 80 07");
add('buffer-length-eleven-bytes', 'an eleventh byte belongs to what follows', V(16) + "'B' 81 80 80 80 80 80 80 80 80 80 00 07");
add('buffer-v16', 'a buffer and a view in version 16', V(16) + "'B' 02 01 02 'V' 'B' 00 02 00");
add('resizable', 'a resizable buffer', v15 + "'~' 02 08 01 02");
add('resizable-full', 'length equal to maximum', v15 + "'~' 02 02 01 02");
add('resizable-empty', 'length and maximum 0', v15 + "'~' 00 00");
add('resizable-above-max', 'length above maximum', v15 + "'~' 02 01 01 02");
add('resizable-max-2-20', 'maximum 2^20', v15 + "'~' 01 v:1048576 07");
add('resizable-max-huge', 'a maximum that no engine can reserve', V(16) + "'~' 01 ff ff ff ff ff ff ff ff 7f 07");
add('resizable-truncated', 'one byte is missing', v15 + "'~' 02 08 01");
add('resizable-v13', 'a resizable buffer in version 13', v13 + "'~' 02 08 01 02");
add('resizable-v12', 'a resizable buffer in version 12', V(12) + "'~' 02 08 01 02");
add('immutable', 'an immutable buffer', v15 + "'C' 02 01 02");
add('immutable-v16', 'an immutable buffer', V(16) + "'C' 02 01 02");
add('immutable-view', 'a view of an immutable buffer', V(16) + "'C' 02 01 02 'V' 'B' 00 02 00");
add('immutable-view-tracking', 'which cannot be length-tracking', V(16) + "'C' 02 01 02 'V' 'B' 00 00 01");
add('immutable-truncated', 'one byte is missing', V(16) + "'C' 02 01");
add('immutable-v13', 'the tag is known in every version of an engine that has it', v13 + "'C' 02 01 02");
add('transfer', 'a transferred buffer', v15 + "'t' 00", { transfers: { 0: '0102' } });
add('transfer-id-large', 'a large id', v15 + "'t' v:4294967295", { transfers: { 4294967295: '0102' } });
add('transfer-id-overlong', 'an overlong id', v15 + "'t' 85 00", { transfers: { 5: '0102' } });
add('transfer-view', 'a view of a transferred buffer', v15 + "'t' 05 'V' 'W' 00 02 00", { transfers: { 5: '0102' } });
add('transfer-twice', 'the same buffer twice: two ids, one buffer', v15 + "'A' 04 't' 00 't' 00 'o' '{' 00 '^' 02 '$' 00 04", { transfers: { 0: '0102' } });
add('transfer-resizable', 'a resizable buffer with a length-tracking view', v15 + "'t' 00 'V' 'B' 00 00 03", { transfers: { 0: { hex: '0102', max: 8 } } });
add('transfer-unused', 'a transferred buffer that is not used', v15 + "'T'", { transfers: { 0: '0102' } });
add('transfer-none', 'no buffer was transferred', v15 + "'t' 00");
add('transfer-unknown', 'another buffer was transferred', v15 + "'t' 01", { transfers: { 0: '0102' } });
add('transfer-shared', 'a shared buffer through the transfer map', v15 + "'t' 00 'V' 'B' 00 02 00", { transfers: { 0: { hex: '0102', shared: true } } });
add('shared', 'a shared buffer', v15 + "'u' 00", { shared: { 0: '0102' } });
add('shared-view', 'a view of a shared buffer', v15 + "'u' 00 'V' 'B' 00 02 00", { shared: { 0: '0102' } });
add('shared-second', 'the second of two', v15 + "'u' 01", { shared: { 0: '01', 1: '02' } });
add('shared-no-delegate', 'nobody knows the shared buffer', v15 + "'u' 00");
add('shared-unknown', 'another shared buffer is known', v15 + "'u' 05", { shared: { 0: '0102' } });
add('shared-truncated', 'no id', v15 + "'u'", { shared: { 0: '0102' } });
const growable = { transfers: { 0: { hex: '0102', max: 8, shared: true } } };
add('growable-view-tracking', 'a length-tracking view of a growable shared buffer: flag 0 alone', v15 + "'t' 00 'V' 'B' 00 00 01", growable);
add('growable-view-fixed', 'a fixed view of a growable shared buffer: no flags', v15 + "'t' 00 'V' 'B' 00 02 00", growable);
add('growable-view-flag-1', 'flag 1 is for resizable buffers that are not shared', v15 + "'t' 00 'V' 'B' 00 02 02", growable);
add('growable-view-flags-3', 'likewise with both flags', v15 + "'t' 00 'V' 'B' 00 00 03", growable);

// ---------------------------------------------------------------------------
topic = 'views';
const sixteen = "'B' 10 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f ";
for (const [tag, name, size] of [
  ['b', 'int8', 1], ['B', 'uint8', 1], ['C', 'uint8-clamped', 1], ['w', 'int16', 2], ['W', 'uint16', 2],
  ['d', 'int32', 4], ['D', 'uint32', 4], ['h', 'float16', 2], ['f', 'float32', 4], ['F', 'float64', 8],
  ['q', 'bigint64', 8], ['Q', 'biguint64', 8], ['?', 'dataview', 1],
]) {
  add('view-' + name, 'sub-tag ' + tag, v15 + sixteen + "'V' '" + tag + "' v:8 v:8 00");
  if (size > 1) {
    add('view-' + name + '-offset', 'the offset is not a multiple of the element size', v15 + sixteen + "'V' '" + tag + "' 01 v:8 00");
    add('view-' + name + '-length', 'the length is not a multiple of the element size', v15 + sixteen + "'V' '" + tag + "' 00 v:" + (size + 1) + ' 00');
  }
}
add('view-dataview-odd', 'a DataView may start and end anywhere', v15 + sixteen + "'V' '?' 03 05 00");
add('view-empty-at-end', 'offset at the end, length 0', v15 + sixteen + "'V' 'B' 10 00 00");
add('view-empty-buffer', 'a view of an empty buffer', v15 + "'B' 00 'V' 'F' 00 00 00");
add('view-offset-beyond', 'offset beyond the end', v15 + sixteen + "'V' 'B' 11 00 00");
add('view-length-beyond', 'length beyond the end', v15 + sixteen + "'V' 'B' 08 09 00");
add('view-length-huge', 'offset + length overflows 32 bits', v15 + sixteen + "'V' 'B' 08 f8 ff ff ff 0f 00");
add('view-offset-bit-32', 'bit 32 of the offset', v15 + sixteen + "'V' 'B' 80 80 80 80 10 08 00");
add('view-length-overflow-64', 'offset + length overflows 64 bits', V(16) + sixteen + "'V' 'B' 08 f8 ff ff ff ff ff ff ff ff 01 00");
add('view-unknown-subtag', 'an unknown sub-tag', v15 + sixteen + "'V' 'X' 00 08 00");
add('view-subtag-overlong', 'a sub-tag in two bytes', v15 + sixteen + "'V' c2 00 00 08 00");
add('view-subtag-excess-bits', 'a sub-tag varint keeps eight bits', v15 + sixteen + "'V' c2 7e 00 08 00");
add('view-subtag-bit-7', 'and so can have bit 7', v15 + sixteen + "'V' c2 01 00 08 00");
add('view-subtag-continued', 'a sub-tag varint stops after two bytes', v15 + sixteen + "'V' c2 80 00 08 00");
add('view-flags-missing', 'the flags are missing at the end', v15 + sixteen + "'V' 'B' 00 08");
add('view-flags-missing-inside', 'the flags are missing: the end tag is read as flags', v15 + "'A' 01 " + sixteen + "'V' 'B' 00 08 '$' 00 01");
add('view-flag-0-fixed', 'length-tracking, but the buffer has a fixed length', v15 + sixteen + "'V' 'B' 00 08 01");
add('view-flag-1-fixed', 'flag 1, but the buffer has a fixed length', v15 + sixteen + "'V' 'B' 00 08 02");
add('view-flags-3-fixed', 'both flags, but the buffer has a fixed length', v15 + sixteen + "'V' 'B' 00 08 03");
add('view-flags-unknown', 'flag bits above 1 are ignored', v15 + sixteen + "'V' 'B' 00 08 fc ff ff ff 0f");
add('view-flags-excess-bits', 'bits beyond 32 are dropped', v15 + sixteen + "'V' 'B' 00 08 80 80 80 80 70");
const rab = "'~' 04 08 01 02 03 04 ";
add('rab-view-tracking', 'a length-tracking view as engines write it: length 0', v15 + rab + "'V' 'B' 00 00 03");
add('rab-view-tracking-offset', 'with an offset', v15 + rab + "'V' 'B' 01 00 03");
add('rab-view-tracking-with-length', 'with a byte length, which is ignored', v15 + rab + "'V' 'B' 00 02 03");
add('rab-view-tracking-length-beyond', 'which is checked all the same', v15 + rab + "'V' 'B' 00 05 03");
add('rab-view-tracking-misaligned-length', 'also against the element size', v15 + rab + "'V' 'W' 00 03 03");
add('rab-view-tracking-remainder', 'the buffer is no multiple of the element size', v15 + "'~' 03 08 01 02 03 'V' 'W' 00 00 03");
add('rab-view-tracking-unknown-flags', 'with unknown flag bits', v15 + rab + "'V' 'B' 00 00 ff 01");
add('rab-view-fixed', 'a fixed view of a resizable buffer', v15 + rab + "'V' 'W' 02 02 02");
add('rab-view-no-flags', 'flag 1 is missing', v15 + rab + "'V' 'B' 00 02 00");
add('rab-view-only-flag-0', 'flag 1 is missing beside flag 0', v15 + rab + "'V' 'B' 00 00 01");
add('rab-dataview-tracking', 'a length-tracking DataView', v15 + rab + "'V' '?' 01 00 03");
add('rab-dataview-fixed', 'a fixed DataView', v15 + rab + "'V' '?' 01 02 02");
add('rab-dataview-no-flags', 'a DataView without flag 1', v15 + rab + "'V' '?' 01 02 00");
add('view-v14', 'flags in version 14', V(14) + sixteen + "'V' 'B' 00 08 00");
add('view-v13', 'no flags in version 13', v13 + sixteen + "'V' 'B' 00 08");
add('view-v12', 'nor in version 12', V(12) + sixteen + "'V' 'B' 00 08");
add('view-flags-v12', 'below 13 nothing is read again', V(12) + "'A' 01 'B' 02 01 02 'V' 'B' 00 02 04 '$' 00 01");
add('view-twice', 'V behind a view is no value', v15 + "'A' 01 " + sixteen + "'V' 'B' 00 08 00 'V' 'B' 00 04 00 '$' 00 01");
add('view-at-top', 'V behind nothing', v15 + "'V' 'B' 00 00 00");
add('view-as-map-key', 'views as map key and value', v15 + "';' 'B' 01 07 'V' 'B' 00 01 00 'B' 01 08 'V' 'B' 00 01 00 ':' 02");

topic = 'version 13 with flags';
add('v13-flags-at-top', 'a view at the end: the plain reading succeeds and leaves the flags unread', v13 + "'B' 02 01 02 'V' 'B' 00 02 00");
add('v13-flags-in-array', 'the plain reading takes flags 00 for padding and succeeds', v13 + "'A' 01 'B' 02 01 02 'V' 'B' 00 02 00 '$' 00 01");
add('v13-flags-unknown-bits', 'flags 04 break the plain reading; read again with flags', v13 + "'A' 01 'B' 02 01 02 'V' 'B' 00 02 04 '$' 00 01");
add('v13-flags-resizable', 'a length-tracking view; the plain reading refuses the resizable buffer', v13 + rab + "'V' 'B' 00 00 03");
add('v13-plain-resizable', 'a view of a resizable buffer without flags', v13 + "'A' 01 " + rab + "'V' 'B' 00 02 '$' 00 01");
add('v13-flags-refused', 'refused plain and with flags', v13 + "'A' 01 'B' 02 01 02 'V' 'B' 00 02 01 '$' 00 01");
add('v13-flags-ids', 'the second reading goes on counting ids: a reference to the root of the first reading',
  v13 + "'A' 02 'B' 02 01 02 'V' 'B' 00 02 04 '^' 00 '$' 00 02");
add('v13-flags-ids-second', 'the second reading goes on counting ids: the array is 3 there',
  v13 + "'A' 02 'B' 02 01 02 'V' 'B' 00 02 04 '^' 03 '$' 00 02");
add('v13-flags-nothing-else', 'any failure in version 13 is tried again', v13 + "'A' 02 'o' '{' 00 '^' 02 '$' 00 02");
add('v13-flags-error-cause', 'behind a cause no tag follows, so flags 00 break the plain reading', v13 + "'r' 'c' 'B' 01 07 'V' 'B' 00 01 00 '.'");
add('v13-flags-error-cause-ids', 'there the references of a writer that began at 0 name the objects of the first reading',
  v13 + "'A' 02 'r' 'c' 'B' 01 07 'V' 'B' 00 01 00 '.' '^' 02 '$' 00 02");
add('v13-flags-host-values', 'a host object\'s nested value is read again by itself',
  v13 + "'A' 01 '\\' 'A' 01 'B' 02 01 02 'V' 'B' 00 02 04 '$' 00 01 '$' 00 01", { host: 'value' });
add('v13-flags-host-value-ids', 'behind a value that was read again by itself ids run on',
  v13 + "'A' 03 '\\' 'A' 01 'B' 02 01 02 'V' 'B' 00 02 04 '$' 00 01 'o' '{' 00 '^' 08 '$' 00 03", { host: 'value' });
add('v13-flags-hole', 'the first reading takes id 3 for a transferred buffer that is not there: no object has it',
  v13 + "'A' 05 'B' 02 01 02 'V' 'B' 00 02 't' 'o' '\"' 01 'o' 'I' 02 '{' 01 '^' 03 '^' 02 '^' 01 '$' 00 05");
add('v13-flags-key', 'the first reading reads an object as a key, whole, before it refuses it: the array has id 5 the second time',
  v13 + "'A' 02 'B' 02 01 02 'V' 'B' 00 02 'x' 'o' '\"' 01 'a' '^' 05 '{' 01 '$' 00 02");

// What the first reading left. Flags 04 make it fail right behind the view.
topic = 'version 13, what a failed reading left';
const flagged = "'B' 02 01 02 'V' 'B' 00 02 04 ";
add('v13-left-boolean', 'flags 78 are a Boolean object in the first reading, to which there are two references: one object',
  v13 + "'A' 03 'B' 02 01 02 'V' 'B' 00 02 'x' '^' 03 '^' 03 '$' 00 03");
add('v13-left-date', 'flags 44 are a Date in the first reading, of bytes that are a string in the second',
  v13 + "'A' 03 'B' 02 01 02 'V' 'B' 00 02 'D' '\"' 09 00 00 00 00 00 00 'r' 'm' 'T' '^' 03 '$' 00 03");
add('v13-left-error-not-made', 'there, behind the Date, stands an error without a message: no object has its id 4',
  v13 + "'A' 03 'B' 02 01 02 'V' 'B' 00 02 'D' '\"' 09 00 00 00 00 00 00 'r' 'm' 'T' '^' 04 '$' 00 03");
add('v13-left-array', 'an array that was open has the elements read so far',
  v13 + "'A' 02 'A' 03 'T' " + flagged + "'F' '$' 00 03 '^' 01 '$' 00 02");
add('v13-left-array-hole', 'and its holes',
  v13 + "'A' 02 'A' 04 '-' 'T' " + flagged + "'F' '$' 00 04 '^' 01 '$' 00 02");
add('v13-left-array-properties', 'all elements, and the properties read so far',
  v13 + "'A' 02 'A' 01 'T' '\"' 06 'leftAA' 'I' 02 '\"' 06 'leftAB' " + flagged + "'\"' 06 'leftAC' 'F' '$' 03 01 '^' 01 '$' 00 02");
add('v13-left-sparse', 'a sparse array that was open',
  v13 + "'A' 02 'a' 05 'I' 02 'T' 'I' 06 " + flagged + "'@' 02 05 '^' 01 '$' 00 02");
add('v13-left-object', 'an object that was open, with keys that V8 has not met before',
  v13 + "'A' 02 'o' '\"' 06 'leftOA' 'T' '\"' 06 'leftOB' " + flagged + "'{' 02 '^' 01 '$' 00 02");
add('v13-left-object-index', 'an object that was open, with an index first',
  v13 + "'A' 02 'o' 'I' 02 'T' '\"' 06 'leftOC' " + flagged + "'{' 02 '^' 01 '$' 00 02");
add('v13-left-map', 'a Map that was open',
  v13 + "'A' 02 ';' 'T' 'F' 'I' 02 " + flagged + "':' 04 '^' 01 '$' 00 02");
add('v13-left-map-key', 'the key without its value is not there',
  v13 + "'A' 02 ';' 'T' 'F' " + flagged + "'T' ':' 04 '^' 01 '$' 00 02");
add('v13-left-set', 'a Set that was open',
  v13 + "'A' 02 27 'T' " + flagged + "',' 02 '^' 01 '$' 00 02");
add('v13-left-error', 'an error that was open: from 12.4 it is made before its cause is read',
  v13 + "'A' 02 'r' 'm' '\"' 01 'a' 'c' 'A' 01 " + flagged + "'$' 00 01 '.' '^' 01 '$' 00 02");
add('v13-left-error-with-cause', 'and has its cause when only the end is wrong',
  v13 + "'A' 02 'r' 'm' '\"' 01 'a' 'c' " + flagged + "'.' '^' 01 '$' 00 02");
add('v13-left-in-cause', 'what was left as the cause of an error',
  v13 + "'A' 02 " + flagged + "'r' 'c' '^' 00 '.' '$' 00 02");
add('v13-left-as-map-key', 'what was left as the key of a Map, and as a value',
  v13 + "'A' 02 " + flagged + "';' '^' 00 '^' 02 ':' 02 '$' 00 02");
add('v13-left-view', 'the view that was left, and another one over its buffer',
  v13 + "'A' 03 " + flagged + "'^' 02 '^' 01 'V' '?' 01 01 00 '$' 00 03");
add('v13-left-buffer', 'a buffer in the place of an object: flags 74 are a transferred buffer',
  v13 + "'A' 03 'B' 02 01 02 'V' 'B' 00 02 't' 'o' '{' 00 '^' 03 'V' 'B' 00 01 00 '$' 00 03", { transfers: { 111: '0909' } });
add('v13-left-buffer-too-short', 'a view that does not fit that buffer',
  v13 + "'A' 03 'B' 02 01 02 'V' 'B' 00 02 't' 'o' '{' 00 '^' 03 'V' 'B' 00 03 00 '$' 00 03", { transfers: { 111: '0909' } });
add('v13-left-nested', 'an object within an array, then the array, then the object again',
  v13 + "'A' 05 'A' 01 'o' '{' 00 '$' 00 01 " + flagged + "'^' 02 '^' 01 '^' 02 '$' 00 05");
add('v13-left-cycle', 'an array that holds the one around it, which was open',
  v13 + "'A' 03 'A' 01 '^' 00 '$' 00 01 " + flagged + "'^' 01 '$' 00 03");
add('v13-left-reference-before', 'a reference in front of the view is one to what was left, too',
  v13 + "'A' 03 '^' 00 '\"' 01 'a' '^' 01 '$' 00 03");
add('v13-left-host-value', 'what the first reading of a value within a host object left',
  v13 + "'A' 02 '\\' 'A' 01 " + flagged + "'$' 00 01 '^' 02 '$' 00 02", { host: 'value' });
add('v13-left-around-host-value', 'an array around such a host object, which was left when the whole was read again',
  v13 + "'A' 03 'A' 01 '\\' 'A' 01 " + flagged + "'$' 00 01 '$' 00 01 '^' 01 '^' 09 '$' 00 03", { host: 'value' });
const inString = "'B' 02 01 02 'V' 'B' 00 02 'D' '\"' 09 00 00 00 00 00 00 ";
add('v13-left-memory-ids', 'behind a Date the first reading meets a WebAssembly memory with an object in it, which takes id 5, from 11.3: the array has 6',
  v13 + "'A' 04 " + inString + "'m' 01 00 'o' '{' 00 '^' 06 '$' 00 04");
add('v13-left-memory-buffer', 'from 15.0 no view is read behind a buffer in a memory',
  v13 + "'A' 04 " + inString + "'m' 01 00 'B' 00 'V' 'B' 00 00 04 '^' 06 '$' 00 04");
add('v13-left-memory-maximum', 'up to 14.6 what is in a memory is read before its maximum is checked: the array has id 6 there, 5 from 15.0',
  v13 + "'A' 04 " + inString + "'m' 's' 00 'o' '{' 00 '^' 05 '$' 00 04");
add('v13-left-unknown', 'an id that no reading has given',
  v13 + "'A' 02 " + flagged + "'^' 06 '$' 00 02");

// Behind a view: in the first reading a Date and what stands in the string, in the second one flags and the string.
// In an array (0) the first reading gives it the ids from 4 on.
function unread(words) {
  const length = 6 + assemble(words).length;
  return "'B' 00 'V' 'B' 00 00 'D' '\"' v:" + length + ' 00 00 00 00 00 00 ' + words + ' ';
}
const key = (name) => "'\"' 06 '" + name + "' ";
const object = "'o' '{' 00 ";
add('v13-left-duplicate', 'behind the second value of a property that is there twice nothing is read: the array has id 6',
  v13 + "'A' 03 " + unread("'o' " + key('leftDA') + object + key('leftDA') + "'T' " + key('leftDB') + object + "'{' 03") + "'^' 06 '$' 00 03");
add('v13-left-duplicate-and-more', 'the same, where an unknown tag stands behind it',
  v13 + "'A' 03 " + unread("'o' " + key('leftDC') + object + key('leftDC') + "'T' " + key('leftDD') + object + "'j'") + "'^' 06 '$' 00 03");
add('v13-left-duplicate-within', 'in an object within another one, which has an index: the array has id 7',
  v13 + "'A' 03 " + unread("'o' 'I' 02 'T' " + key('leftDE') + "'o' " + key('leftDF') + object + key('leftDF') + "'T' " + key('leftDG') + object + "'j'") + "'^' 07 '$' 00 03");
add('v13-left-duplicate-in-array', 'in an object that is an element of an array: the array around both has id 7',
  v13 + "'A' 03 " + unread("'A' 03 'T' 'o' " + key('leftDH') + object + key('leftDH') + "'T' " + key('leftDI') + object + "'j'") + "'^' 07 '$' 00 03");
add('v13-left-duplicate-of-array', 'a property of an array that is there twice: the array around it has id 6',
  v13 + "'A' 03 " + unread("'A' 01 'T' " + key('leftDJ') + object + key('leftDJ') + "'T' " + key('leftDK') + object + "'j'") + "'^' 06 '$' 00 03");
add('v13-left-duplicate-last', 'it is the last one, and an object stands where the next key would: the array has id 5',
  v13 + "'A' 03 " + unread("'o' " + key('leftDM') + "'T' " + key('leftDM') + "'T' " + object) + "'^' 05 '$' 00 03");
add('v13-left-duplicate-none', 'the key of an object that holds another one with the same key: the array has id 8',
  v13 + "'A' 03 " + unread("'o' " + key('leftDN') + "'T' " + key('leftDO') + "'o' " + key('leftDN') + object + key('leftDP') + object + "'j'") + "'^' 08 '$' 00 03");
add('v13-left-duplicate-in-duplicate', 'a property in the value of one with the same key, each there twice: the inner one is met first, the array has id 6',
  v13 + "'A' 03 " + unread("'o' " + key('leftDQ') + "'0' " + key('leftDQ') + "'a' 05 " + key('leftDR') + "'T' " + key('leftDR') + "'T' " + key('leftDS') + object + "'j'") + "'^' 06 '$' 00 03");
add('v13-left-duplicate-in-key', 'it is there twice in an object in the place of a key: the array has id 5',
  v13 + "'A' 02 " + unread("'o' " + key('leftDU') + "'T' " + key('leftDU') + "'T' " + key('leftDV') + object + "'{' 03") + key('leftDW') + "'^' 05 '$' 01 02");
add('v13-left-duplicate-before-exception', 'what would be an exception stands behind it, and is not met: the array has id 5',
  v13 + "'A' 03 " + unread("'o' " + key('leftDX') + "'T' " + key('leftDX') + "'T' " + key('leftDY') + "'w' 00 '{' 03") + "'^' 05 '$' 00 03", { host: 'value' });
add('v13-left-duplicate-behind-host', 'the first one is a host object with a value that is read twice: the array has id 12',
  v13 + "'A' 03 " + unread("'o' " + key('leftDZ') + "'\\' 'A' 01 " + flagged + "'$' 00 01 " + key('leftDZ') + "'T' " + key('leftEA') + object + "'{' 03") + "'^' 0c '$' 00 03", { host: 'value' });
add('v13-left-duplicate-before-host', 'a host object whose value is wrong both times stands behind it, and is not met: the array has id 5',
  v13 + "'A' 03 " + unread("'o' " + key('leftEB') + "'T' " + key('leftEB') + "'T' " + key('leftEC') + "'\\' 'j' '{' 03") + "'^' 05 '$' 00 03", { host: 'value' });
add('v13-left-duplicate-before-flags', 'and one whose value is read twice: what a host object behind the string leaves has flags all the same',
  v13 + "'A' 04 " + unread("'o' " + key('leftED') + "'T' " + key('leftED') + "'T' " + key('leftEE') + "'A' 05 " + object + object + object + object + "'\\' 'A' 01 " + flagged + "'$' 00 01 '$' 00 05 '{' 03")
  + "'\\' 'A' 02 " + flagged + "'^' 0c '$' 00 02 '^' 09 '$' 00 04", { host: 'value' });
add('v13-left-element-twice', 'the index of an element among the properties of an array: its value is read, the array around it has id 6',
  v13 + "'A' 03 " + unread("'A' 01 'T' 'I' 00 " + object + "'$' 01 01") + "'^' 06 '$' 00 03");
add('v13-left-string-object', 'a Set around a String object of no string is there, with nothing in it',
  v13 + "'A' 03 " + unread("27 's' " + object) + "'^' 04 '$' 00 03");
add('v13-left-cause-regexp', 'and an error around a RegExp of no pattern, from 12.4',
  v13 + "'A' 03 " + unread("'r' 'c' 'R' " + object) + "'^' 04 '$' 00 03");
add('v13-left-error-class', 'an error with a class and a part that is none, from 12.4',
  v13 + "'A' 03 " + unread("'r' 'R' 'm' '\"' 01 'a' 'I'") + "'^' 04 '$' 00 03");
add('v13-left-cause', 'an error of which the cause was to come, from 12.4',
  v13 + "'A' 03 " + unread("'r' 'm' '\"' 01 'a' 'c' 'j'") + "'^' 04 '$' 00 03");
add('v13-left-buffer-of-memory', 'a buffer that is none of a memory',
  v13 + "'A' 03 " + unread("'m' 01 00 'B' 01 'a'") + "'^' 05 '$' 00 03");
add('v13-left-memory-reference', 'what stands behind a reference in a memory is not read from 15.0: the array has id 5',
  v13 + "'A' 03 " + unread("'m' 01 00 '^' 01 'V' 'B' 00 00") + "'^' 05 '$' 00 03");
add('v13-left-members-known', 'an array, a Set and a Map of an object that is known by then',
  v13 + "'A' 05 " + unread("'A' 03 'o' '{' 00 27 'T' ',' 01 'A' 01 'T' '$' 00 01 '$' 00 03 'j'") + "'^' 05 '^' 07 '^' 04 '$' 00 05");
add('v13-left-map-known', 'a Map whose key and value are known by then',
  v13 + "'A' 06 " + unread("';' " + object + object + "':' 02 'j'") + "'^' 05 '^' 06 '^' 04 '^' 05 '$' 00 06");
add('v13-left-property-known', 'an object whose value is known by then',
  v13 + "'A' 04 " + unread("'o' " + key('leftPA') + object + "'{' 01 'j'") + "'^' 05 '^' 04 '$' 00 04");
add('v13-left-array-within', 'an array of which two properties were read, in an object with a key of it',
  v13 + "'A' 03 'A' 01 'T' " + key('leftSA') + "'T' " + key('leftSC') + flagged + "'$' 02 01 'o' " + key('leftSB') + "'T' " + key('leftSD') + "'^' 01 " + key('leftSA') + "'T' '{' 03 '^' 01 '$' 00 03");
add('v13-left-regexp', 'a RegExp of no pattern is not there: the reference to it is wrong, and the object behind that is not read: the array has id 6',
  v13 + "'A' 03 " + unread("'R' 'A' 02 '^' 04 " + object) + "'^' 06 '$' 00 03");
add('v13-left-message-cut', 'nor is an error whose message is a two-byte string of an odd length, from 12.4',
  v13 + "'A' 03 " + unread("'r' 'm' 'c' 03 'abc'") + "'^' 04 '$' 00 03");
add('v13-left-first-key', 'at the end of the data a value in the place of the first key of an object is not read: the array has id 5',
  v13 + "'A' 04 " + unread("'\"' 06") + "'^' 05 'T' '$' 00 04 'o' 'y'");
add('v13-left-second-key', 'in the place of another one it is: the array has id 6',
  v13 + "'A' 04 " + unread("'\"' 06") + "'^' 06 'T' '$' 00 04 'o' 'I' 02 'T' 'y'");
add('v13-left-sparse-key', 'in that of a sparse array, too',
  v13 + "'A' 04 " + unread("'\"' 06") + "'^' 06 'T' '$' 00 04 'a' 05 'y'");
add('v13-left-forward', 'references to what is to come in the second reading, and to what the first one left, in turn',
  v13 + "'A' 07 'x' '^' 01 '^' 03 '^' 00 'y' '^' 02 '^' 04 '$' 00 07");
add('v13-left-host-in-object', 'a host object with a value that is read twice, between properties of an object',
  v13 + "'o' " + key('leftKA') + "'T' " + key('leftKB') + "'\\' 'A' 01 " + flagged + "'$' 00 01 " + key('leftKC') + "'T' '{' 03", { host: 'value' });
add('v13-left-host-values', 'two host objects, each with an array that refers to itself in its second reading',
  v13 + "'A' 03 '^' 00 '\\' 'A' 01 '^' 03 '$' 00 01 '\\' 'A' 01 '^' 06 '$' 00 01 '$' 00 03", { host: 'value' });
add('v13-left-host-known', 'a host object whose value is known by then',
  v13 + "'A' 04 " + unread("'\\' " + object + "'j'") + "'^' 05 '^' 04 '$' 00 04", { host: 'value' });
add('v13-left-host-value-known', 'one whose value was read twice',
  v13 + "'A' 04 '\\' 'A' 01 " + flagged + "'$' 00 01 '^' 05 '^' 01 '^' 08 '$' 00 04", { host: 'value' });
add('v13-left-host-of-reference', 'a host object around a reference to the Set around it',
  v13 + "27 '\\' '^' 00 ',' 01", { host: 'value' });
add('v13-left-host-behind', 'a host object whose value is read anew, with what the first reading left in front of it',
  v13 + "'A' 03 'A' 01 'T' '$' 00 01 '^' 01 '\\' 'A' 01 " + flagged + "'$' 00 01 '$' 00 03", { host: 'value' });
// Deno gives a shared buffer away once.
const memory = { shared: { 0: { wasm: { initial: 0, maximum: 1 } }, 1: { wasm: { initial: 0, maximum: 1 } } } };
add('v13-left-memory-known', 'a memory whose buffer is known by then',
  v13 + "'A' 04 " + unread("'m' 02 00 'u' 00 'f' 00 'j'") + "'^' 05 '^' 04 '$' 00 04", memory);
add('v13-left-memory-of-buffer', 'a buffer and the memory that it is of: the memory first',
  v13 + "'A' 04 " + unread("'u' 00 'r' 'm' 02 00 '^' 04 'j'") + "'^' 05 '^' 04 '$' 00 04", memory);
add('v13-left-buffer-with-memory', 'and the buffer first, without the view that stood behind it',
  v13 + "'A' 04 " + unread("'u' 00 'r' 'm' 02 00 '^' 04 'V' 'B' 00 00 'j'") + "'^' 04 '^' 05 '$' 00 04", memory);
add('v13-left-memory-within', 'a memory with a buffer whose memory is wrong, which is not read on: the array has id 8',
  v13 + "'A' 03 " + unread("'u' 00 'r' 'm' 02 00 'u' 01 'r' 'm' 02 09 " + object) + "'^' 08 '$' 00 03", memory);

// ---------------------------------------------------------------------------
topic = 'errors';
add('error-plain', 'nothing but the end', v15 + "'r' '.'");
add('error-message', 'a message', v15 + "'r' 'm' '\"' 03 'bad' '.'");
add('error-empty-message', 'an empty message', v15 + "'r' 'm' '\"' 00 '.'");
add('error-message-stack', 'message and stack', v15 + "'r' 'm' '\"' 01 'a' 's' '\"' 03 'x:1' '.'");
add('error-stack-only', 'stack alone', v15 + "'r' 's' '\"' 03 'x:1' '.'");
add('error-message-cause', 'message and cause', v15 + "'r' 'm' '\"' 01 'a' 'c' 'I' 02 '.'");
add('error-cause-only', 'cause alone', v15 + "'r' 'c' 'I' 02 '.'");
add('error-cause-undefined', 'a cause that is undefined is there', v15 + "'r' 'c' '_' '.'");
add('error-cause-error', 'an error as cause', v15 + "'r' 'm' '\"' 01 'a' 'c' 'r' 'T' 'm' '\"' 01 'b' '.' '.'");
add('error-cause-view', 'a view as cause', v15 + "'r' 'c' 'B' 01 07 'V' 'B' 00 01 00 '.'");
add('error-all', 'prototype, message, stack, cause', v15 + "'r' 'R' 'm' '\"' 01 'a' 's' '\"' 01 'x' 'c' '0' '.'");
add('error-cause-before-stack', 'cause before stack, as V8 9.x to 12.0 wrote', v15 + "'r' 'm' '\"' 01 'a' 'c' 'I' 02 's' '\"' 01 'x' '.'");
add('error-stack-before-message', 'stack before message', v15 + "'r' 's' '\"' 01 'x' 'm' '\"' 01 'a' '.'");
add('error-message-before-prototype', 'message before prototype', v15 + "'r' 'm' '\"' 01 'a' 'T' '.'");
add('error-cause-before-message', 'cause before message', v15 + "'r' 'c' 'I' 02 'm' '\"' 01 'a' '.'");
add('error-message-twice', 'message twice', v15 + "'r' 'm' '\"' 01 'a' 'm' '\"' 01 'b' '.'");
add('error-stack-twice', 'stack twice', v15 + "'r' 's' '\"' 01 'x' 's' '\"' 01 'y' '.'");
add('error-cause-twice', 'cause twice', v15 + "'r' 'c' 'I' 02 'c' 'I' 04 '.'");
add('error-prototype-twice', 'prototype twice', v15 + "'r' 'T' 'R' '.'");
for (const [tag, name] of [['E', 'eval'], ['R', 'range'], ['F', 'reference'], ['S', 'syntax'], ['T', 'type'], ['U', 'uri']]) {
  add('error-' + name, 'prototype ' + tag, v15 + "'r' '" + tag + "' 'm' '\"' 01 'a' '.'");
}
add('error-prototype-only', 'prototype alone', v15 + "'r' 'T' '.'");
add('error-unknown-part', 'an unknown part', v15 + "'r' 'x' '.'");
add('error-unknown-part-later', 'an unknown part behind the message', v15 + "'r' 'm' '\"' 01 'a' 'x' '.'");
add('error-part-overlong', 'a part tag in two bytes', v15 + "'r' ed 00 '\"' 01 'a' ae 00");
add('error-message-two-byte', 'a two-byte message', v15 + "'r' 'm' 00 'c' 02 u16:\u20ac '.'");
add('error-message-number', 'a message that is no string', v15 + "'r' 'm' 'I' 02 '.'");
add('error-message-undefined', 'undefined is no string either', v15 + "'r' 'm' '_' '.'");
add('error-stack-number', 'a stack that is no string', v15 + "'r' 'm' '\"' 01 'a' 's' 'I' 02 '.'");
add('error-no-end', 'the end is missing', v15 + "'r' 'm' '\"' 01 'a'");
add('error-ended-by-object', 'the end is missing before an end tag', v15 + "'o' '\"' 01 'e' 'r' 'm' '\"' 01 'a' '{' 01");
add('error-v13', 'an error in version 13', v13 + "'r' 'T' 'm' '\"' 01 'a' '.'");
add('error-v12', 'and in version 12: the tag is known whatever the version', V(12) + "'r' 'm' '\"' 01 'a' '.'");
add('error-v11', 'in version 11 its strings are raw UTF-8', V(11) + "'r' 'm' 02 c3 a9 's' 01 'x' '.'");

// ---------------------------------------------------------------------------
topic = 'shared objects, WebAssembly';
add('shared-object-v15', 'a shared object without a conveyor', v15 + "'p' 00");
add('shared-object-v16', 'likewise in version 16', V(16) + "'p' 00");
add('shared-object-v14', 'below 15 the tag is unknown', V(14) + "'p' 00");
add('shared-object-v12-host', 'below 13 it is a host object', V(12) + "'p'", uint32Host);
const module0 = { modules: { 0: '0061736d01000000' } };
add('wasm-module', 'a module', v15 + "'w' 00", module0);
add('wasm-module-unknown', 'an id that nobody knows', v15 + "'w' 07", module0);
add('wasm-module-no-delegate', 'no modules at all', v15 + "'w' 00");
add('wasm-module-inline', 'the inline form of Node 8 to 12: W y, the length and bytes of the module, the length of compiled code (0)',
  v13 + "'W' 'y' 08 00 61 73 6d 01 00 00 00 00");
const wasm0 = { shared: { 0: { wasm: { initial: 0, maximum: 1 } } } };
add('wasm-memory-10-2', 'a memory without the memory64 byte (before V8 12.4), its buffer without a sub-tag (before 13.6)', v15 + "'m' 02 'u' 00", wasm0);
add('wasm-memory-memory64-byte', 'with the memory64 byte, no sub-tag', v15 + "'m' 02 00 'u' 00", wasm0);
add('wasm-memory-fixed', 'with the memory64 byte and f and the length', v15 + "'m' 02 00 'u' 00 'f' 00", wasm0);
add('wasm-memory-fixed-no-length', 'f without the length', v15 + "'m' 02 00 'u' 00 'f'", wasm0);
add('wasm-memory-fixed-length-above', 'a length above that of the memory', v15 + "'m' 02 00 'u' 00 'f' 01", wasm0);
add('wasm-memory-resizable', 'r, then the memory: as its own buffer refers back to it', v15 + "'m' 02 00 'u' 00 'r' '^' 00", wasm0);
add('wasm-memory-buffer-first', 'the buffer first: r, then the memory, whose buffer is a reference', v15 + "'u' 00 'r' 'm' 02 00 '^' 00", wasm0);
add('wasm-buffer-fixed', 'the buffer of a memory alone', v15 + "'u' 00 'f' 00", wasm0);
add('wasm-buffer-unknown-subtag', 'an unknown sub-tag', v15 + "'u' 00 'x' 00", wasm0);
add('wasm-buffer-resizable-object', 'r, then something that is no memory', v15 + "'u' 00 'r' 'o' '{' 00", wasm0);
add('wasm-memory-no-maximum', 'maximum -1: none', v15 + "'m' 01 00 'u' 00 'f' 00", wasm0);
add('wasm-memory-maximum-negative', 'maximum -2', v15 + "'m' 03 00 'u' 00 'f' 00", wasm0);
add('wasm-memory-maximum-above', 'maximum 65537 pages', v15 + "'m' z:65537 00 'u' 00 'f' 00", wasm0);
add('wasm-memory-maximum-65536', 'maximum 65536 pages', v15 + "'m' z:65536 00 'u' 00 'f' 00", wasm0);
add('wasm-memory-memory64', 'a 64-bit memory', v15 + "'m' 02 01 'u' 00 'f' 00", wasm0);
add('wasm-memory-memory64-two', 'a memory64 byte of 2', v15 + "'m' 02 02 'u' 00 'f' 00", wasm0);
add('wasm-memory-buffer-not-shared', 'a buffer that is not shared', v15 + "'m' 02 00 'B' 00", wasm0);
add('wasm-memory-object', 'something that is no buffer', v15 + "'m' 02 00 'o' '{' 00", wasm0);
add('wasm-memory-of-itself', 'a memory that refers to itself in the place of its buffer', v15 + "'m' 02 00 '^' 00");
add('wasm-memory-in-memory', 'a memory in a memory', v15 + "'m' 02 00 'm' 02 00 'u' 00 'f' 00", wasm0);
add('wasm-memories', 'two memories, and a buffer of the second one',
  v15 + "'A' 03 'm' 02 00 'u' 00 'f' 00 'm' 02 00 'u' 01 'f' 00 'u' 02 'r' '^' 03 '$' 00 03",
  { shared: { 0: wasm0.shared[0], 1: wasm0.shared[0], 2: wasm0.shared[0] } });
add('wasm-memory-ids', 'a memory takes an id and its buffer the next', v15 + "'A' 05 'm' 02 00 'u' 00 'f' 00 'o' '{' 00 '^' 01 '^' 02 '^' 03 '$' 00 05", wasm0);

// ---------------------------------------------------------------------------
topic = 'host objects';
add('host-uint32', 'a host object whose payload is a uint32', v15 + "'\\' ac 02", uint32Host);
add('host-uint64', 'whose payload is a uint64', v15 + "'\\' 80 80 80 80 10", { host: 'uint64' });
add('host-double', 'whose payload is a double', v15 + "'\\' d:1.5", { host: 'double' });
add('host-value', 'whose payload is a value', v15 + "'\\' 'o' '\"' 01 'a' 'T' '{' 01", { host: 'value' });
add('host-empty', 'whose payload is empty', v15 + "'A' 02 '\\' '\\' '$' 00 02", { host: 'nothing' });
add('host-nested', 'a host object in a host object', v15 + "'\\' '\\' 'I' 02", { host: 'value' });
add('host-in-object', 'in an object', v15 + "'o' '\"' 01 'a' '\\' 05 '\"' 01 'b' '^' 01 '{' 02", uint32Host);
add('host-no-delegate', 'nobody knows host objects', v15 + "'\\' 05");
add('host-truncated', 'the payload ends early', v15 + "'\\' 85", uint32Host);
add('host-padding', 'padding before the payload is the payload', v15 + "'A' 01 '\\' 00 '$' 00 01", uint32Host);
add('host-v13', 'in version 13', v13 + "'\\' 05", uint32Host);
add('host-v12', 'the tag is known in version 12 too', V(12) + "'\\' 05", uint32Host);
add('host-unknown-tag-v13', 'from 13 on an unknown tag is refused', v13 + "'b'", uint32Host);
add('host-unknown-tag-v12', 'below 13 an unknown tag is a host object; the tag belongs to the payload', V(12) + "'b'", uint32Host);
add('host-unknown-tag-v12-no-delegate', 'which somebody must know', V(12) + "'b' 00");
add('host-unknown-tag-v12-padding', 'padding before the tag is no payload', V(12) + "00 00 'b'", uint32Host);
add('host-unknown-tag-v12-in-array', 'in an array, with ids', V(12) + "'A' 04 'b' '#' '^' 01 '^' 02 '$' 00 04", uint32Host);
add('host-unknown-tag-v12-high', 'a tag byte above 7f begins a longer varint', V(12) + "fb 01", uint32Host);
add('host-end-tag-v12', 'even an end tag where a value is due', V(12) + "'A' 02 '{' '@' '$' 00 02", uint32Host);
add('host-hole-v12', 'and a hole outside a dense array', V(12) + "'-'", uint32Host);
add('host-view-v12', 'and V behind nothing', V(12) + "'V'", uint32Host);
add('host-unknown-tag-v1', 'in version 1', V(1) + "'K'", uint32Host);

// ---------------------------------------------------------------------------
topic = 'Node host objects';
const node = { profile: 'node' };
const kinds = [
  ['int8', 2, '01 ff'], ['uint8', 2, '01 ff'], ['uint8-clamped', 2, '01 ff'], ['int16', 4, '01 00 ff ff'],
  ['uint16', 4, '01 00 ff ff'], ['int32', 4, '01 00 00 80'], ['uint32', 4, '01 00 00 80'], ['float32', 4, '00 00 c0 3f'],
  ['float64', 8, 'd:1.5'], ['dataview', 3, '01 02 03'], ['buffer', 3, '01 02 03'], ['bigint64', 8, '01 00 00 00 00 00 00 80'],
  ['biguint64', 8, '01 00 00 00 00 00 00 80'], ['float16', 2, '00 3e'],
];
kinds.forEach(([name, length, bytes], kind) =>
  add('node-' + name, 'kind ' + kind, v15 + "'\\' v:" + kind + ' v:' + length + ' ' + bytes, node));
add('node-kind-14', 'a kind that Node does not know', v15 + "'\\' 0e 01 00", node);
add('node-kind-huge', 'kind 2^32-1', v15 + "'\\' ff ff ff ff 0f 00", node);
add('node-empty', 'a view without bytes', v15 + "'\\' 08 00", node);
add('node-int16-odd-length', 'a byte length that is no multiple of the element size', v15 + "'\\' 03 03 01 02 03", node);
add('node-float64-odd-length', 'likewise, aligned as the bytes stand', v15 + "'A' 01 '\\' 08 0c 01 02 03 04 05 06 07 08 09 0a 0b 0c '$' 00 01", node);
add('node-float64-short', 'fewer bytes than one element', v15 + "'\\' 08 04 01 02 03 04", node);
add('node-unaligned', 'bytes at an odd offset', v15 + "'A' 02 'T' '\\' 05 04 01 00 00 00 '$' 00 02", node);
add('node-truncated', 'one byte is missing', v15 + "'\\' 01 03 01 02", node);
add('node-length-huge', 'a length of 2^32-1', v15 + "'\\' 01 ff ff ff ff 0f 00", node);
add('node-no-length', 'no length', v15 + "'\\' 01", node);
add('node-kind-overlong', 'overlong kind and length', v15 + "'\\' 81 00 82 00 01 02", node);
add('node-ids', 'a host object takes one id, and there is no buffer that takes one',
  v15 + "'A' 05 '\\' 01 01 07 'o' '{' 00 '\\' 0a 01 08 '^' 02 '^' 03 '$' 00 05", node);
add('node-in-map', 'Buffers in a map', v15 + "';' '\\' 0a 01 61 '\\' 01 01 07 ':' 02", node);
add('node-v13', 'as Node 8 to 16 wrote it', v13 + "'o' '\"' 01 'b' '\\' 0a 03 01 02 03 '{' 01", node);

// ---------------------------------------------------------------------------
topic = 'headers';
add('empty-input', 'no bytes at all', '');
add('header-only', 'a header and nothing else', 'ff 0f');
add('header-truncated', 'the tag of the header alone', 'ff');
add('header-varint-truncated', 'a version that ends early', 'ff 8f');
for (const version of [1, 2, 9, 10, 11, 12, 13, 14, 15, 16]) {
  add('version-' + version, 'an object in version ' + version, V(version) + "'o' 'S' 01 'a' 'I' 02 '{' 01");
}
add('version-17', 'a version above all that are known', V(17) + "'T'");
add('version-huge', 'version 2^32-1', "ff ff ff ff ff 0f 'T'");
add('header-overlong', 'version 15 in three bytes', "ff 8f 80 00 'T'");
add('header-excess-bits', 'bits beyond 32 are dropped: version 15', "ff 8f 80 80 80 70 'T'");
add('header-twice', 'a second header is no value', v15 + v15 + "'T'");
add('header-blink-21', 'the header of Blink (version 21) is not V8\'s', "ff 15 fe 00 00 00 00 00 00 00 00 00 00 00 00 ff 0f 'T'");
add('trailing-value', 'a second value behind the first is not read', v15 + "'T' 'I' 02");
add('trailing-garbage', 'bytes behind the value are not read', v15 + "'T' ff ff ff");
add('trailing-header', 'a second header and value behind the first', v15 + "'T' " + v15 + "'F'");

// ---------------------------------------------------------------------------
topic = 'versions below 13';
for (const version of [1, 10, 11, 15]) {
  add('dense-undefined-v' + version, version < 11 ? 'below 11 undefined in a dense array is a hole' : 'from 11 on undefined is an element',
    V(version) + "'A' 03 '_' 'I' 02 '_' '$' 00 03");
}
add('dense-undefined-count-v10', 'also behind an object count', V(10) + "'A' 01 '?' 00 '_' '$' 00 01");
add('dense-hole-v10', 'the hole tag is known in version 10 too', V(10) + "'A' 02 '-' '0' '$' 00 02");
add('sparse-undefined-v10', 'in a sparse array undefined stays', V(10) + "'a' 02 'I' 00 '_' '@' 01 02");
add('dense-named-undefined-v10', 'and as a named property', V(10) + "'A' 00 '\"' 01 'a' '_' '$' 01 00");
add('dense-undefined-then-index-v10', 'a property fills the place', V(10) + "'A' 01 '_' 'I' 00 'T' '$' 01 01");
for (const version of [1, 11]) {
  add('regexp-v' + version, 'below 12 the pattern is raw UTF-8', V(version) + "'R' 03 'a' c3 a9 01");
  add('string-object-v' + version, 'below 12 the text is raw UTF-8', V(version) + "'s' 03 'a' c3 a9");
}
add('regexp-v12', 'from 12 on the pattern has a tag', V(12) + "'R' '\"' 01 'a' 01");
add('string-object-v12', 'from 12 on the text has a tag', V(12) + "'s' '\"' 01 'a'");
add('regexp-raw-v12', 'raw UTF-8 in version 12', V(12) + "'R' 01 'a' 00");
add('string-object-raw-v12', 'raw UTF-8 in version 12', V(12) + "'s' 01 'a'");
add('regexp-raw-invalid-v11', 'invalid UTF-8 in a pattern', V(11) + "'R' 02 'a' ff 00");
add('string-object-raw-truncated-v11', 'the text ends early', V(11) + "'s' 03 'a'");
add('string-object-tagged-v11', 'a tagged text in version 11: 22 is a length', V(11) + "'s' '\"' 01 'a'");
add('strings-v9', 'all string tags in version 9', V(9) + "'A' 03 'S' 01 'a' '\"' 01 'b' 'c' 02 u16:c '$' 00 03");
add('values-v9', 'values of all kinds in version 9', V(9) + "'o' 'S' 01 'a' 'N' d:1.5 'S' 01 'b' 'D' d:0 'S' 01 'c' 'Z' 02 01 'S' 01 'd' ';' 'I' 02 27 ',' 00 ':' 02 'S' 01 'e' 'y' '{' 05");
add('cycle-v5', 'a cycle in version 5', V(5) + "'o' 'S' 01 'a' '^' 00 '{' 01");
add('view-v3', 'a view in version 3', V(3) + "'A' 02 'B' 02 01 02 'V' 'B' 00 02 '^' 01 '$' 00 02");

// ---------------------------------------------------------------------------
topic = 'version 0';
add('v0-number', 'no header: version 0', "'I' 02");
add('v0-string', 'a string', "'S' 05 'hello'");
add('v0-header-0', 'a header with version 0', "ff 00 'S' 01 'a' 'I' 02 '{' 01");
add('v0-object', 'an object: two pairs, then its tag', "'S' 01 'a' 'I' 02 'S' 01 'b' 'I' 04 '{' 02");
add('v0-object-empty', 'an empty object', "'{' 00");
add('v0-object-nested', 'an object in an object', "'S' 01 'o' 'S' 01 'a' 'I' 02 '{' 01 '{' 01");
add('v0-object-number-keys', 'numbers as keys', "'I' 04 'T' 'N' d:1.5 'F' '{' 02");
add('v0-object-duplicate', 'a duplicate key', "'S' 01 'a' 'T' 'S' 01 'a' 'F' '{' 02");
add('v0-object-key-null', 'a key that is neither string nor number', "'0' 'T' '{' 01");
add('v0-object-key-object', 'an object as key', "'{' 00 'T' '{' 01");
add('v0-object-too-few', 'fewer values than the object needs', "'S' 01 'a' '{' 01");
add('v0-object-takes-last', 'an object takes the last values: one is left below', "'I' 02 'S' 01 'a' 'I' 04 '{' 01");
add('v0-object-count-truncated', 'the count is missing', "'S' 01 'a' 'T' '{'");
add('v0-sparse', 'a sparse array: pairs, then count and length', "'I' 00 'I' 02 'I' 04 'T' '@' 02 03");
add('v0-sparse-empty', 'an empty array', "'@' 00 00");
add('v0-sparse-named', 'with a named property', "'I' 00 'I' 02 'S' 01 'a' 'T' '@' 02 01");
add('v0-sparse-beyond', 'an index beyond the length makes it longer', "'I' 0a 'T' '@' 01 01");
add('v0-sparse-too-few', 'fewer values than the array needs', "'I' 00 '@' 01 01");
add('v0-sparse-duplicate', 'an index twice', "'I' 00 'T' 'I' 00 'F' '@' 02 01");
add('v0-sparse-length-key', 'the key length', "'S' 06 'length' 'I' 02 '@' 01 00");
add('v0-sparse-length-truncated', 'the length is missing', "'@' 00");
add('v0-sparse-length-huge', 'length 2^32-1', "'@' 00 ff ff ff ff 0f");
add('v0-dense-end', 'the end of a dense array never worked', "'T' '$' 00 01");
add('v0-prefix-object', 'an object of later versions inside version 0', "'o' 'S' 01 'a' 'I' 02 '{' 01");
add('v0-prefix-dense', 'a dense array inside version 0; undefined is a hole', "'A' 02 '_' 'I' 02 '$' 00 02");
add('v0-prefix-map', 'a map inside version 0', "';' 'I' 02 'T' ':' 02");
add('v0-prefix-in-stack', 'both kinds mixed', "'S' 01 'a' 'o' 'S' 01 'b' 'T' '{' 01 'S' 01 'c' 'A' 00 '$' 00 00 '{' 02");
add('v0-two-values', 'two values are left', "'I' 02 'I' 04");
add('v0-padding-only', 'no value is left', '00 00');
add('v0-padding', 'padding before tags and at the end', "00 'S' 01 'a' 00 'T' 00 '{' 01 00 00");
add('v0-count', 'an object count', "'?' 01 'S' 01 'a' '?' 02 'T' '{' 01");
add('v0-view', 'a buffer and its view', "'B' 02 01 02 'V' 'B' 00 02");
add('v0-view-padding', 'with padding before V', "'B' 02 01 02 00 'V' 'B' 00 02");
add('v0-regexp', 'a RegExp with a raw pattern', "'R' 01 'a' 01");
add('v0-string-object', 'a String object with a raw text', "'s' 02 c3 a9");
add('v0-date', 'a date', "'D' d:0");
add('v0-ref', 'a reference to a date: it has id 0', "'S' 01 'a' 'D' d:0 'S' 01 'b' '^' 00 '{' 02");
add('v0-ref-stack-object', 'objects made from the stack have no id', "'S' 01 'a' '{' 00 'S' 01 'b' '^' 00 '{' 02");
add('v0-ref-skips-stack-objects', 'and do not count', "'S' 01 'a' '{' 00 'S' 01 'b' 'D' d:0 'S' 01 'c' '^' 00 '{' 03");
add('v0-host', 'an unknown tag is a host object', "'b'", uint32Host);
add('v0-host-no-delegate', 'which somebody must know', "'b' 00");
add('v0-host-in-object', 'in an object, with its id', "'S' 01 'a' 'f' 'S' 01 'b' '^' 00 '{' 02", uint32Host);
add('v0-hole', 'a hole is an unknown tag', "'-'");
add('v0-error', 'an error with a raw message', "'r' 'm' 01 'a' '.'");
add('v0-truncated', 'the string ends early', "'S' 05 'hel'");
add('v0-transfer', 'a transferred buffer', "'t' 00", { transfers: { 0: '0102' } });

// ---------------------------------------------------------------------------
// Engines before V8 10.2 refuse a header above 13, so what they make of some of
// the values above is asked once more in version 13.
topic = 'version 13, for older releases';
for (const name of [
  'varint-five-continued', 'varint-five-continued-then-one', 'varint-six-bytes', 'buffer-length-ten-bytes-v15', 'view-subtag-continued',
  'bigint-one', 'bigint-sign-without-digits', 'bigint-object',
  'utf8-overlong-three', 'utf8-overlong-four', 'utf8-above-10ffff', 'utf8-surrogate', 'utf8-surrogate-pair',
  'duplicate-key-same', 'duplicate-key-int-and-string', 'duplicate-key-invalid-utf8', 'duplicate-key-third',
  'dense-index-of-element', 'dense-length-key', 'dense-duplicate-name', 'sparse-duplicate-index', 'sparse-length-key',
  'object-key-null', 'object-count-low', 'dense-too-few', 'map-same-key',
  'regexp-slash', 'regexp-flag-bit-6', 'regexp-flag-bit-7', 'regexp-named-group', 'regexp-property',
  'regexp-duplicate-names', 'regexp-duplicate-names-escaped', 'regexp-modifiers', 'regexp-name-in-class', 'regexp-wide-name',
  'regexp-wide-name-u', 'regexp-wide-name-escaped', 'regexp-wide-name-surrogates', 'regexp-lookbehind', 'regexp-lookbehind-twice',
  'regexp-bracket-in-class', 'regexp-quantified-lookbehind',
  'ref-forward', 'ref-unknown', 'ref-error-self', 'id-of-error', 'id-of-error-before-contents',
  'error-plain', 'error-message-stack', 'error-message-cause', 'error-cause-before-stack', 'error-stack-before-message',
  'error-message-twice', 'error-prototype-twice', 'error-prototype-only', 'node-bigint64', 'node-int16-odd-length', 'node-kind-14',
]) {
  const one = cases.find((other) => other.name === name);
  if (!one.bytes.startsWith(v15)) throw new Error(name);
  add(name.replace(/-v15$/, '') + '-v13', one.about, v13 + one.bytes.slice(v15.length), one.options);
}

// ---------------------------------------------------------------------------
topic = 'truncation';
function truncated(name, about, text, options) {
  const bytes = assemble(text);
  for (let length = 2; length < bytes.length; length++) {
    const words = Array.from(bytes.slice(0, length), (byte) => byte.toString(16).padStart(2, '0'));
    add(name + '-' + String(length).padStart(2, '0'), about + ', cut after ' + length + ' bytes', words.join(' '), options);
  }
}

// The assembler of the notation above.
exports.assemble = assemble;
function assemble(text) {
  const bytes = [];
  const varint = (value) => {
    value = BigInt(value);
    do {
      const low = Number(value & 127n);
      value >>= 7n;
      bytes.push(value ? low | 128 : low);
    } while (value);
  };
  for (const word of text.split(/[ \t\r\n]+/)) {
    if (!word) continue;
    if (/^[0-9a-f]{2}$/.test(word)) bytes.push(parseInt(word, 16));
    else if (/^'[!-~]+'$/.test(word)) for (const unit of word.slice(1, -1)) bytes.push(unit.charCodeAt(0));
    else if (word.startsWith('u16:')) {
      for (let i = 4; i < word.length; i++) bytes.push(word.charCodeAt(i) & 255, word.charCodeAt(i) >> 8);
    } else if (word.startsWith('d:')) {
      const view = new DataView(new ArrayBuffer(8));
      view.setFloat64(0, Number(word.slice(2)), true);
      for (let i = 0; i < 8; i++) bytes.push(view.getUint8(i));
    } else if (word.startsWith('v:')) varint(word.slice(2));
    else if (word.startsWith('z:')) {
      const value = BigInt(word.slice(2));
      varint(value < 0n ? -2n * value - 1n : 2n * value);
    } else throw new Error('not understood: ' + word + ' in ' + text);
  }
  return Uint8Array.from(bytes);
}

truncated('cut-object', 'an object with an array and a map',
  v15 + "'o' '\"' 01 'a' 'A' 02 'I' 02 'c' 02 u16:\u20ac '$' 00 02 '\"' 01 'b' ';' 'T' 'F' ':' 02 '{' 02");
truncated('cut-view', 'a view in a sparse array', v15 + "'a' 05 'U' 04 'B' 02 01 02 'V' 'B' 00 02 00 '@' 01 05");
truncated('cut-error', 'an error with all parts', v15 + "'r' 'T' 'm' '\"' 01 'a' 's' '\"' 01 'x' 'c' '0' '.'");

exports.cases = cases;
