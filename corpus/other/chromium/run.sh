#!/bin/sh
# Writes the cases and verdicts.json again: run.sh <chromium> [<port>]. Needs node 22 or later; run from the
# repository's root.
set -eu
chromium=$1
port=${2:-8790}
here=corpus/other/chromium
work=target/other-chromium
rm -rf "$work"
mkdir -p "$work"
version=$("$chromium" --version 2> /dev/null | sed 's/^[^0-9]*\([0-9.]*\).*/\1/')

# Serves a page to the browser until the page has reported.
visit() {
  node "$here/serve.mjs" "$1" "$port" 90 > "$work/$2" &
  server=$!
  sleep 1
  "$chromium" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync \
    --user-data-dir="$PWD/$work/profile" "http://localhost:$port/" > "$work/chromium.log" 2>&1 &
  browser=$!
  wait "$server"
  sleep 2
  kill "$browser"
  wait "$browser" || true
}

visit page.html report.json
database=$work/profile/Default/IndexedDB/http_localhost_$port.indexeddb.leveldb
node "$here/extract.mjs" "$database" "$work/report.json" "$here" "$version"

node "$here/judge.mjs" cases "$work/report.json" > "$work/cases.json"
for log in "$database"/*.log; do node "$here/change.mjs" "$log" "$work/cases.json"; done
visit read.html read.json
node "$here/judge.mjs" verdicts "$work/report.json" "$work/read.json" "$version" > "$here/verdicts.json"
