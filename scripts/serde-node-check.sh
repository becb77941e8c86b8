#!/bin/sh
# Has engines read what `to_vec` wrote, value by value and byte by byte, and reads what they write:
# the rows of tests/serde_matrix.rs, and the file of examples/structs_to_node.rs.
#
#   scripts/serde-node-check.sh                    all engines
#   scripts/serde-node-check.sh node-18 deno-2.9   some of them
#   scripts/serde-node-check.sh --record           all, and keeps what they wrote
#                                                  (tests/serde_matrix/engines.txt)
#
# Prerequisites: scripts/fetch-engines.sh. Node 8 to 16 are given version 13, which they write.
set -eu
cd "$(dirname "$0")/.."

record=
if [ "${1-}" = --record ]; then
  record=yes
  shift
fi
[ $# -gt 0 ] || set -- node-8 node-10 node-12 node-14 node-16 node-18 node-20 node-22 node-24 node-26 deno-2.9

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
V8WIRE_MATRIX_OUT=$work V8WIRE_ENGINES="$*" cargo test --quiet --test serde_matrix written_out >/dev/null
cargo run --quiet --example structs_to_node -- "$work/15.v8" >/dev/null
# The value has nothing in it that differs between 13 and 15 but the header.
{ printf '\377\015'; tail -c +3 "$work/15.v8"; } >"$work/13.v8"

cat >"$work/report.cjs" <<'JS'
const assert = require('assert');
const fs = require('fs');
const v8 = require('v8');

if (typeof BigInt !== 'function') process.exit();
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
const bytes = fs.readFileSync(process.argv[2] + '/' + v8.serialize(null)[1] + '.v8');
const value = v8.deserialize(bytes);
assert.deepStrictEqual(value, expected);
assert.deepStrictEqual(Object.keys(value.files), Object.keys(expected.files));
// Not `value`: arrays that V8 has read are sparse when it writes them.
assert.strictEqual(v8.serialize(expected).toString('hex'), bytes.toString('hex'));
JS
cp tests/serde_matrix/cases.js "$work/cases.js"
cp tests/serde_matrix/check.js "$work/check.cjs"
echo '{"type":"commonjs"}' >"$work/package.json"

failed=0
for engine; do
  package=target/engines/$engine/package
  if [ -x "$package/bin/node" ]; then
    run="$package/bin/node"
  elif [ -x "$package/deno" ]; then
    run="$package/deno run --quiet --no-config --allow-read --allow-write"
  else
    echo "$engine: not there" >&2
    failed=1
    continue
  fi
  if $run "$work/check.cjs" "$work/$engine" "$engine" && $run "$work/report.cjs" "$work"; then
    cat "$work/$engine/engine.txt" >>"$work/engines.txt"
  else
    echo "$engine: failed" >&2
    failed=1
  fi
done
[ $failed = 0 ] || exit 1

# One line for all engines that write the same.
LC_ALL=C sort -s -k1,1 "$work/engines.txt" | awk '{
    key = $1 " " $3
    if (!(key in names)) { order[++count] = key; names[key] = $2 } else { names[key] = names[key] "," $2 }
  } END { for (i = 1; i <= count; i++) { split(order[i], part, " "); print part[1], names[order[i]], part[2] } }' \
  >"$work/lines.txt"
if [ -n "$record" ]; then
  cp "$work/lines.txt" tests/serde_matrix/engines.txt
fi
V8WIRE_MATRIX=$work/lines.txt cargo test --quiet --test serde_matrix as_engines -- --nocapture | grep rows
