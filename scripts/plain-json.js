// What Node writes for JSON texts: a line each, the bytes of `v8.serialize(JSON.parse(text))` in hexadecimal and the
// text, for tests/json/plain-json.txt. Node 20 to 26 agree on all of them.
//
//     node scripts/plain-json.js > tests/json/plain-json.txt
'use strict';
const v8 = require('v8');

const texts = [
  'null', 'true', '0', '-0', '-0.0', '0e5', '1.0', '1e3', '1E+2', '25e-1', '2147483647', '2147483648', '-2147483648', '-2147483649',
  '9007199254740993', '1e400', '-1e400', '1e-400', '5e-324', '1.7976931348623157e308', '0.1', '123456789012345678901234567890',
  '""', '"a"', '"\\u0061\\/\\b\\f\\n\\r\\t\\"\\\\"', '"é"', '"\\u00e9"', '"€"', '"😀"', '"\\ud83d\\ude00"', '"\\ud800"',
  '"\\ude00\\ud83d"', '"a\\ud83dé"', '[]', '[[],[[]],{}]', '[1,2,3]', '[1,2.5]', '[1,-0]', '[1.0,2]', '[1,2147483648]', '[1,2.5,"a"]',
  '[1.5,null]', '[[1,2],[1.5,3]]', '[null,true]', '{}', '{"a":1,"b":[1,0.5]}', '{"b":1,"2":2,"a":3,"1":4,"0":5}', '{"01":1,"-1":2,"1.5":3,"1e3":4}',
  '{"4294967295":1,"4294967294":2,"2147483648":3,"2147483647":4}', '{"\\u0031":1,"\\u0030":2}', '{"é":1,"€":2,"":3,"\\ud800":4}',
  '{"__proto__":1,"constructor":2}', ' [ 1 ,\t2 ]\r\n', '{"a":{"b":{"c":[{"d":null}]}}}',
];
for (const text of texts) console.log(`${v8.serialize(JSON.parse(text)).toString('hex')} ${JSON.stringify(text)}`);
