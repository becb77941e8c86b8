#!/usr/bin/env bash
# What we write, read by the engines that it was written for: every value of the corpus is transcoded for
# each of them and must be read as the value that the corpus describes. Prints counts.
#
#     scripts/engines-read-back.sh                  all engines
#     scripts/engines-read-back.sh node-12 node-14  these
#
# Fetches engines that are not there (scripts/fetch-engines.sh). tests/read_back.rs has the rest.
set -euo pipefail
cd "$(dirname "$0")/.."

engines=("$@")
if [ ${#engines[@]} -eq 0 ]; then
    engines=(node-8 node-10 node-12 node-14 node-16 node-18 node-20 node-22 node-24 node-26 deno-2.9)
fi
scripts/fetch-engines.sh "${engines[@]}"
V8WIRE_READ_BACK=$(IFS=,; echo "${engines[*]}") cargo test --release --test read_back -- --nocapture
