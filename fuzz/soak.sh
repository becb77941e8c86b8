#!/usr/bin/env bash
# The other half of a campaign: SECONDS for each TARGET without libFuzzer (soak.c), from the inputs that
# coverage-guided rounds have left in fuzz/corpus. A finding ends its round only. Every round is a line in
# fuzz/artifacts/soak.tsv; at the end, or alone with `sum`, its sums are printed for CAMPAIGNS.md.
#
#     fuzz/soak.sh 3600 events json
#     fuzz/soak.sh sum
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=$PWD/fuzz/artifacts/soak.tsv

sums() {
    awk -F'\t' '
        { runs[$1] += $2; seconds[$1] += $3; found[$1] += $4; all += $2 }
        END {
            for (name in runs)
                printf "| `%s` | %.1f million | %.1f | %d |\n", name, runs[name] / 1e6, seconds[name] / 3600, found[name]
            printf "%.1f million in all\n", all / 1e6
        }' "$rounds" | sort
}

if [ "${1:-}" = sum ]; then
    sums
    exit
fi
seconds=$1
shift
build=$PWD/fuzz/target/soak
mkdir -p "$build" fuzz/artifacts
cc -O2 -Wall -Wextra -Werror -c fuzz/soak.c -o "$build/soak.o"
ar rcs "$build/libsoak.a" "$build/soak.o"
live=()
if [ -n "${V8WIRE_V8_INCLUDE:-}" ] || [ -d target/v8/unpacked ]; then live=(--features v8); fi
(cd fuzz && CUSTOM_LIBFUZZER_PATH=$build/libsoak.a CUSTOM_LIBFUZZER_STD_CXX=none \
    CARGO_PROFILE_RELEASE_LTO=fat CARGO_PROFILE_RELEASE_CODEGEN_UNITS=1 \
    cargo build --release --target-dir "$build" "${live[@]}")
# A copy, so that builds meanwhile do not change what is run.
binaries=$(mktemp -d)
trap 'rm -rf "$binaries"' EXIT
for target; do cp "$build/release/$target" "$binaries"; done

for target; do
    mkdir -p "fuzz/artifacts/$target"
    end=$(($(date +%s) + seconds))
    while [ "$(date +%s)" -lt $end ]; do
        start=$(date +%s)
        left=$((end - start))
        log=fuzz/artifacts/$target-soak-$start.log
        found=0
        "$binaries/$target" $((left < 600 ? left : 600)) "$start" "${MAX_LEN:-256}" "fuzz/artifacts/$target/" \
            "fuzz/corpus/$target" >"$log" 2>&1 || found=1
        runs=$(sed -n 's/^runs //p' "$log")
        printf '%s\t%s\t%s\t%s\n' "$target" "${runs:-0}" $(($(date +%s) - start)) $found >>"$rounds"
        [ $found = 1 ] || rm "$log"
    done
done
sums
