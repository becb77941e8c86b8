#!/usr/bin/env bash
# Copies the small blobs of the corpus, and what was found before, to where cargo-fuzz looks for
# seeds. Engines often write the same, so files are named by their content.
set -euo pipefail
cd "$(dirname "$0")/.."

seeds=$(mktemp -d)
trap 'rm -rf "$seeds"' EXIT
find corpus fuzz/regressions -name '*.v8' -size -2k -exec sha1sum {} + | sort -u -k1,1 |
    while read -r sum file; do cp "$file" "$seeds/$sum"; done
for target in fuzz/fuzz_targets/*.rs; do
    mkdir -p "fuzz/corpus/$(basename "$target" .rs)"
    cp -r "$seeds/." "fuzz/corpus/$(basename "$target" .rs)"
done
