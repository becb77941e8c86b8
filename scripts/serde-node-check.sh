#!/bin/sh
# Has engines read what `to_vec` wrote, and compares what they see with what it should be:
# examples/structs_to_node.rs is run, and each engine reads its file and writes the equal value.
#
#   scripts/serde-node-check.sh                  Node 10 to 26
#   scripts/serde-node-check.sh node-18 node-26  some of them
#
# Prerequisites: scripts/fetch-engines.sh. Node 8 is left out, since it has no bigints. What Node 10 to 16
# are given says version 13, as what they write does.
set -eu
cd "$(dirname "$0")/.."

[ $# -gt 0 ] || set -- node-10 node-12 node-14 node-16 node-18 node-20 node-22 node-24 node-26

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo run --quiet --example structs_to_node -- "$work/15.v8" >/dev/null
# The value has nothing in it that differs between 13 and 15 but the header.
{ printf '\377\015'; tail -c +3 "$work/15.v8"; } >"$work/13.v8"

cat >"$work/check.js" <<'JS'
const assert = require('assert');
const fs = require('fs');
const v8 = require('v8');

const expected = {
  version: 3,
  built: 1700000000000,
  buildId: BigInt('0xfedcba9876543210'),
  files: {
    'logo.png': { size: 50000, ratio: 0.75, kind: { asset: { width: 640, height: 480 } }, hash: undefined },
    'src/index.js': { size: 1200, ratio: 0.25, kind: 'module', hash: Buffer.from('deadbeef', 'hex') }
  },
  spans: new Map([[[0, 14], 'h\u00e9llo'], [[15, 20], '\u4e16\u754c']])
};
const writes = v8.serialize(null)[1];
const bytes = fs.readFileSync(process.argv[2] + '/' + writes + '.v8');
const value = v8.deserialize(bytes);
assert.deepStrictEqual(value, expected);
assert.deepStrictEqual(Object.keys(value.files), Object.keys(expected.files));
// Not `value`: arrays that V8 has read are sparse when it writes them.
assert.strictEqual(v8.serialize(expected).toString('hex'), bytes.toString('hex'));
console.log(process.version + ': reads version ' + writes + ', and writes the same ' + bytes.length + ' bytes');
JS

failed=0
for engine; do
  node=target/engines/$engine/package/bin/node
  if [ ! -x "$node" ]; then
    echo "$engine: not there" >&2
    failed=1
    continue
  fi
  "$node" "$work/check.js" "$work" || { echo "$engine: failed" >&2; failed=1; }
done
exit $failed
