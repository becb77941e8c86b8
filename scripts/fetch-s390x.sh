#!/bin/sh
# Fetches a big-endian Node into target/s390x/: Debian 12's nodejs for s390x (Node 18, V8 10.2) with its
# libraries, and, where there is no qemu-s390x, the emulator to run it with. Nothing is installed, and the
# machine's own package lists stay as they are. Safe to run again: what is there is left alone.
#
# Prerequisites: a Debian 12 machine (or container), Linux on any architecture that Debian has
# qemu-user-static for, with apt-get and dpkg-deb; root is not needed. About 120 MB below target/ (twice that while it runs).
#
# Afterwards target/s390x/node runs it, with Node's arguments.
set -eu

cd "$(dirname "$0")/.."
dir=$PWD/target/s390x
if [ -x "$dir/node" ]; then
  echo "$dir/node"
  exit
fi

rm -rf "$dir/apt" "$dir/unpacked" "$dir/qemu"
mkdir -p "$dir/apt/sources" "$dir/apt/state/lists/partial" "$dir/apt/cache/archives/partial" "$dir/unpacked" "$dir/qemu"
: >"$dir/apt/state/status"

# Debian's own sources only: others rarely have s390x, and fail then.
for source in /etc/apt/sources.list /etc/apt/sources.list.d/debian.list /etc/apt/sources.list.d/debian.sources; do
  if [ -e "$source" ]; then cp "$source" "$dir/apt/sources/"; fi
done

native=$(dpkg --print-architecture)
# An apt of its own for s390x, to which nothing is installed yet: it finds all dependencies. Its sandbox
# user cannot write below target/.
apt() {
  apt-get -q -o APT::Architecture=s390x -o "APT::Architectures=s390x,$native" \
    -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$dir/apt/sources" \
    -o "Dir::State=$dir/apt/state" -o "Dir::State::status=$dir/apt/state/status" \
    -o "Dir::Cache=$dir/apt/cache" -o APT::Sandbox::User= -o Debug::NoLocking=1 \
    -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false "$@" >&2
}
apt update
apt install --yes --no-install-recommends --download-only nodejs:s390x
for deb in "$dir"/apt/cache/archives/*.deb; do dpkg-deb -x "$deb" "$dir/unpacked"; done

qemu=$(command -v qemu-s390x-static || command -v qemu-s390x || true)
if [ -z "$qemu" ]; then
  (cd "$dir/qemu" && apt download "qemu-user-static:$native")
  # Of its 40 emulators the one.
  for deb in "$dir"/qemu/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$dir/qemu" ./usr/bin/qemu-s390x-static
    rm "$deb"
  done
  qemu=$dir/qemu/usr/bin/qemu-s390x-static
fi
rm -rf "$dir/apt"

cat >"$dir/node.part" <<END
#!/bin/sh
exec "$qemu" -L "$dir/unpacked" "$dir/unpacked/usr/bin/node" "\$@"
END
chmod +x "$dir/node.part"
# The kept folder is of this release.
case $("$dir/node.part" -p 'process.version + process.arch') in
  v18.*s390x) mv "$dir/node.part" "$dir/node" ;;
  *) echo "this is not Node 18 for s390x: is it Debian 12?" >&2; exit 1 ;;
esac
echo "$dir/node"
