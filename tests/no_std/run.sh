#!/usr/bin/env bash
# Links the library, built without std, into a C program, and has it read a blob of Node's, one that is cut
# and one that is refused.
set -euo pipefail
cd "$(dirname "$0")"

target=$PWD/../../target/no-std
cargo build --release --target-dir "$target" --lib
cc -O1 -o "$target/check" main.c "$target/release/libv8wire_no_std.a"
if nm "$target/release/libv8wire_no_std.a" 2>/dev/null | grep -q ' T .*3std'; then
    echo "std is linked"
    exit 1
fi
printf '\xff\x0fo"\x01aI\x02{\x01' >"$target/good.v8"
printf '\xff\x0fo"\x01a' >"$target/cut.v8"
answers=$("$target/check" "$target/good.v8" "$target/cut.v8" ../../corpus/node-22/app-records.v8)
echo "$answers"
[ "$(head -2 <<<"$answers" | tr '\n' ' ')" = "3 -6 " ]
[ "$(tail -1 <<<"$answers")" -gt 100 ]
