#!/bin/sh
# Writes the cases again: run.sh <workerd>. Needs node 22.13 or later and curl; run from the repository's root.
set -eu
workerd=$(command -v "$1")
workerd=$(cd "$(dirname "$workerd")" && pwd)/$(basename "$workerd")
root=$PWD
here=$root/corpus/other/workerd
work=$root/target/other-workerd
rm -rf "$work"
mkdir -p "$work/data"
cp "$here/worker.js" "$here/config.capnp" "$work"
cd "$work"
"$workerd" serve config.capnp > log 2>&1 &
server=$!
sleep 2
curl --silent --show-error --retry 10 --retry-delay 1 --retry-connrefused http://127.0.0.1:8791/ > report.json
# A clean end leaves no write-ahead log beside the database.
sleep 1
kill "$server"
wait "$server" || true
version=$("$workerd" --version | cut -d' ' -f2)
for file in data/store/*.sqlite; do
  case $file in */metadata.sqlite) ;; *) node "$here/extract.mjs" "$file" report.json "$here" "$version" ;; esac
done
