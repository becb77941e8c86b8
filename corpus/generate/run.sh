#!/bin/sh
# Writes corpus/node-*/ and corpus/deno-*/ again, each by its own engine.
# Prerequisites: scripts/fetch-engines.sh; for node-18-s390x scripts/fetch-s390x.sh.
#
#   corpus/generate/run.sh                    all engines; node-18-s390x where it is fetched
#   corpus/generate/run.sh node-18 deno-2.9   some of them
#   OUT=target/corpus corpus/generate/run.sh  into another folder
set -u
cd "$(dirname "$0")/../.."
OUT=${OUT:-corpus}
mkdir -p "$OUT"
[ $# -gt 0 ] || set -- node-8 node-10 node-12 node-14 node-16 node-18 node-20 node-22 node-24 node-26 deno-2.9 $([ ! -x target/s390x/node ] || echo node-18-s390x)

# Time zone and language must not matter; pinned all the same.
TZ=UTC LC_ALL=C NO_COLOR=1
DENO_DIR=$PWD/target/deno-dir
export TZ LC_ALL NO_COLOR DENO_DIR

bad=0
for engine; do
  case $engine in
    node-18-s390x) target/s390x/node corpus/generate/generate.js "$OUT" || bad=1 ;;
    node-*) target/engines/$engine/package/bin/node corpus/generate/generate.js "$OUT" || bad=1 ;;
    # Immutable buffers are behind a flag still.
    deno-*) target/engines/$engine/package/deno run --quiet --allow-all --unstable-kv \
      --v8-flags=--js-immutable-arraybuffer corpus/generate/generate.js "$OUT" || bad=1 ;;
    *) echo "unknown engine: $engine" >&2; exit 2 ;;
  esac
done
exit $bad
