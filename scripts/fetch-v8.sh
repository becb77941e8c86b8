#!/bin/sh
# Fetches Debian's libnode (V8 10.2) with its headers and libraries and unpacks
# it below target/v8/, without installing anything. Safe to run again.
#
# Prerequisites: a Debian 12 machine (or container) with apt-get, dpkg-deb and
# package lists that are up to date enough to download from.
# Afterwards `sh scripts/fetch-v8.sh --build` (or corpus/verdicts/run.sh) builds
# the program corpus/verdicts/legacy.cc into target/v8/legacy (needs g++).
set -eu

cd "$(dirname "$0")/.."
dir=$PWD/target/v8
packages="libnode-dev libnode108 libuv1 libuv1-dev libc-ares2 libicu72 libnghttp2-14 libbrotli1 libssl3"

mkdir -p "$dir/debs" "$dir/unpacked"
if [ ! -e "$dir/fetched" ]; then
  cd "$dir/debs"
  # shellcheck disable=SC2086 # the list is meant to be split
  if ! apt-get download $packages; then
    # Old package lists name files that the mirrors no longer have.
    apt-get update
    # shellcheck disable=SC2086
    apt-get download $packages
  fi
  for deb in *.deb; do dpkg-deb -x "$deb" "$dir/unpacked"; done
  touch "$dir/fetched"
  cd "$dir/../.."
fi

triplet=$(cd "$dir/unpacked/usr/lib" && for d in *-linux-gnu; do echo "$d"; break; done)
if [ "${1:-}" = --build ]; then
  if [ ! "$dir/legacy" -nt corpus/verdicts/legacy.cc ]; then
    ${CXX:-g++} -std=c++17 -fno-rtti -O1 -Wall -Wno-deprecated-declarations \
      -isystem "$dir/unpacked/usr/include/nodejs/deps/v8/include" \
      -isystem "$dir/unpacked/usr/include/nodejs/src" \
      -isystem "$dir/unpacked/usr/include" \
      corpus/verdicts/legacy.cc -o "$dir/legacy.new" \
      -L"$dir/unpacked/usr/lib/$triplet" -Wl,--disable-new-dtags -Wl,-rpath,"$dir/unpacked/usr/lib/$triplet" \
      -Wl,-rpath-link,"$dir/unpacked/usr/lib/$triplet" \
      -l:libnode.so.108
    mv "$dir/legacy.new" "$dir/legacy"
  fi
  echo "$dir/legacy"
else
  echo "$dir/unpacked"
fi
