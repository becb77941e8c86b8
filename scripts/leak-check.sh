#!/bin/sh
# Runs 100 engines, each made, used and dropped, under Valgrind, which fails where memory is lost.
# Threads of V8's platform, which live as long as the process, are not looked at.
#
# Prerequisites: valgrind, and what the feature `v8` needs (scripts/fetch-v8.sh).
set -eu
cd "$(dirname "$0")/.."

runner="valgrind --quiet --error-exitcode=9 --leak-check=full --num-callers=40"
runner="$runner --show-leak-kinds=definite,indirect --errors-for-leak-kinds=definite,indirect"
exec cargo test --features v8 --test engine --config "target.'cfg(all())'.runner = '$runner'" -- \
  --ignored --exact leaks::child_hundred_engines
