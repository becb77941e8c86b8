#!/usr/bin/env bash
# A campaign: SECONDS for each TARGET, in rounds of ten minutes at most, each with a seed of its own. A finding ends
# its round only. Every round is a line in fuzz/artifacts/campaign.tsv; at the end, or alone with `sum`, its sums
# are printed as rows for CAMPAIGNS.md.
#
#     fuzz/campaign.sh 3600 events json
#     fuzz/campaign.sh sum
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=fuzz/artifacts/campaign.tsv

sums() {
    awk -F'\t' '
        { runs[$1] += $2; seconds[$1] += $3; if ($4 > edges[$1]) edges[$1] = $4; found[$1] += $5; all += $2 }
        END {
            for (name in runs)
                printf "| `%s` | %.1f million | %.1f | %d | %d |\n", name, runs[name] / 1e6, seconds[name] / 3600, edges[name], found[name]
            printf "%.1f million in all\n", all / 1e6
        }' "$rounds" | sort
}

if [ "${1:-}" = sum ]; then
    sums
    exit
fi
seconds=$1
shift
live=()
if [ -n "${V8WIRE_V8_INCLUDE:-}" ] || [ -d target/v8/unpacked ]; then live=(--features v8); fi
cargo +nightly fuzz build --sanitizer none "${live[@]}"
mkdir -p fuzz/artifacts
# A copy, so that builds meanwhile do not change what is run.
binaries=$(mktemp -d)
trap 'rm -rf "$binaries"' EXIT
for target; do cp fuzz/target/*/release/"$target" "$binaries"; done

for target; do
    mkdir -p "fuzz/artifacts/$target" "fuzz/corpus/$target"
    end=$(($(date +%s) + seconds))
    while [ "$(date +%s)" -lt $end ]; do
        start=$(date +%s)
        left=$((end - start))
        seed=$((start % 1000000))
        log=fuzz/artifacts/$target-$seed.log
        found=0
        "$binaries/$target" "fuzz/corpus/$target" -dict=fuzz/v8wire.dict -max_len="${MAX_LEN:-256}" -seed=$seed \
            -max_total_time=$((left < 600 ? left : 600)) -timeout=30 -rss_limit_mb=4096 -print_final_stats=1 \
            -artifact_prefix="fuzz/artifacts/$target/" >"$log" 2>&1 || found=1
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
        edges=$(grep -ao 'cov: [0-9]*' "$log" | tail -1 | cut -d' ' -f2)
        printf '%s\t%s\t%s\t%s\t%s\n' "$target" "${runs:-0}" $(($(date +%s) - start)) "${edges:-0}" $found >>"$rounds"
        [ $found = 1 ] || rm "$log"
    done
done
sums
