#!/bin/sh
# Resident memory of a SmallVGG fit, epoch by epoch: memory.sh CIFAR10_FOLDER [EPOCHS [PICTURES]]
# Prints it in MB, the slope of a straight line through epoch 5 and later, and the peak. Linux only.
set -eu
data=$1
epochs=${2:-50}
pictures=${3:-640}
here=$(dirname -- "$(readlink -f -- "$0")")
root=$(dirname -- "$(dirname -- "$here")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

kilobytes() {
    sed -n "s/^$1:[^0-9]*\([0-9]*\).*/\1/p" "/proc/$process/status" 2>/dev/null || true
}

"$root/bin/trainer" fit --model small-vgg --data "cifar10:$data" --limit "$pictures" --epochs "$epochs" \
    --run "$work/run" >"$work/log" 2>&1 &
process=$!
done=0
peak=
while kill -0 "$process" 2>/dev/null; do
    lines=$(wc -l <"$work/run/metrics.jsonl" 2>/dev/null || echo 0)
    now=$(kilobytes VmRSS)
    highest=$(kilobytes VmHWM)
    peak=${highest:-$peak}
    if [ "$lines" -gt "$done" ] && [ -n "$now" ]; then
        done=$lines
        echo "$done $now" >>"$work/rss"
        echo "epoch $done: $((now / 1024)) MB"
    fi
    sleep 0.2
done
if ! wait "$process"; then
    cat "$work/log" >&2
    exit 1
fi
awk '$1 >= 5 { n++; x += $1; y += $2; xx += $1 * $1; xy += $1 * $2; last = $1 }
    END {
        slope = (n * xy - x * y) / (n * xx - x * x)
        printf "slope: %.2f %% from epoch 5 to %d\n", 100 * slope * (last - 5) / (y / n), last
    }' "$work/rss"
echo "peak: $((peak / 1024)) MB"
