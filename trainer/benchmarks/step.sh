#!/bin/sh
# The time of a SmallVGG step, batch 128, against its rivals, turn by turn: step.sh [THREADS [ROUNDS]]
# PYTHON names a Python with torch; any version will do to write the TorchScript step as well.
set -eu
threads=${1:-2}
rounds=${2:-5}
python=${PYTHON:-python3}
here=$(dirname -- "$(readlink -f -- "$0")")
root=$(dirname -- "$(dirname -- "$here")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# All rivals run with what the launcher tells the engine; one more Python runs without.
eval "$(grep '^export ' "$root/bin/.launch")"
settings=$(sed -n 's/^export \([A-Z_]*\)=.*/-u \1/p' "$root/bin/.launch")
classpath=$root/trainer/target/test-classes:$root/trainer/target/classes:$(cat "$root/trainer/target/classpath")

ours() {
    java -XX:+UseSerialGC -cp "$classpath" dev.glint.trainer.benchmark.StepBenchmark "$threads" "$@"
}
python() {
    "$python" "$here/step.py" --threads "$threads" "$@"
}
bare_python() {
    env $settings "$python" "$here/step.py" --threads "$threads"
}

python --export "$work/step.pt"
echo "threads $threads, $("$python" -c 'import torch; print("Python with torch", torch.__version__)'); milliseconds per step"
echo "round | glint: clock, cores | script: clock, cores | python: clock, cores | python without settings: clock, cores"
round=1
while [ "$round" -le "$rounds" ]; do
    echo "$round $(ours) $(ours "$work/step.pt") $(python) $(bare_python)" | tee -a "$work/times"
    round=$((round + 1))
done
ratio() {
    awk -v c="$2" '{ printf "%.3f\n", $(2 + c % 2) / $c }' "$work/times" | sort -n |
        awk -v what="$1" '{ r[NR] = $1 } END { printf "%s %.3f (%.3f to %.3f)\n", what, r[int((NR + 1) / 2)], r[1], r[NR] }'
}
echo "Medians of glint's time by its rival's, round by round:"
ratio "script, clock" 4
ratio "script, cores" 5
ratio "python, clock" 6
ratio "python, cores" 7
ratio "python without settings, clock" 8
ratio "python without settings, cores" 9
