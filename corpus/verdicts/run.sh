#!/bin/sh
# Writes corpus/handmade and corpus/refused again: fetches the engines, builds
# the program around V8 10.2, and asks each engine about each case of cases.js.
#
# Prerequisites: Debian 12 on x86-64 with apt-get, g++, npm. Takes about a
# minute once the engines are below target/. Arguments go to run.js, for example
#   sh corpus/verdicts/run.sh --only bigint
set -eu
cd "$(dirname "$0")/../.."
sh scripts/fetch-engines.sh >&2
sh scripts/fetch-v8.sh >&2
sh scripts/fetch-v8.sh --build >&2
exec target/engines/node-26/package/bin/node corpus/verdicts/run.js "$@"
