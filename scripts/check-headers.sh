#!/bin/sh
# Compiles the shim of the feature `v8`, without linking, against the headers of other V8s than the one
# that the tests run with:
#
#     scripts/check-headers.sh                 what Nodes below target/engines/ and the crate `v8` bring
#     scripts/check-headers.sh FOLDER...       these folders with a v8.h
#
# Node's own headers lack v8-inspector.h; the shim does without coverage there.
set -eu
cd "$(dirname "$0")/.."

if [ $# -eq 0 ]; then
  set -- target/engines/node-18/package/include/node target/engines/node-2*/package/include/node \
    "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*/v8-*/v8/include
fi

checked=0
failed=0
for folder; do
  [ -e "$folder/v8.h" ] || continue
  number() { sed -n "s/^#define V8_$1_VERSION \([0-9]*\).*/\1/p" "$folder/v8-version.h"; }
  major=$(number MAJOR)
  standard=c++17
  [ "$major" -lt 12 ] || standard=c++20
  checked=$((checked + 1))
  result=good
  for file in src/engine/shim/*.cc; do
    for define in -UV8WIRE_CONTEXT_PROMISE_HOOKS -DV8WIRE_CONTEXT_PROMISE_HOOKS; do
      ${CXX:-c++} -std=$standard -fno-rtti -fsyntax-only -Wall -Wextra -Werror -Wno-deprecated-declarations \
        "$define" -isystem "$folder" "$file" || result="bad: $file"
    done
  done
  [ "$result" = good ] || failed=1
  echo "V8 $major.$(number MINOR): $result ($folder)"
done
if [ $checked -eq 0 ]; then
  echo "there are no headers to check"
fi
exit $failed
