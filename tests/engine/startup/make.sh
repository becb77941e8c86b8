#!/bin/sh
# Prints the log of entry.js as Node writes it:
#     tests/engine/startup/make.sh node > tests/engine/startup/expected.txt
set -eu
node=${1:-node}
blob=$(mktemp)
trap 'rm -f "$blob"' EXIT
"$node" --snapshot-blob "$blob" --build-snapshot "$(dirname "$0")/entry.js" >&2
"$node" --snapshot-blob "$blob"
