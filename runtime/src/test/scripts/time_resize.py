"""Processor time of Glint's resize beside Pillow's, measured in turn, one thread each.

    ./mvnw -q -pl runtime test-compile dependency:build-classpath -Dmdep.outputFile=target/benchmark.classpath
    /usr/bin/python3 runtime/src/test/scripts/time_resize.py [ROUNDS]

Processor time, not wall time, so that other work on the machine disturbs it less.
"""

import pathlib
import statistics
import subprocess
import sys
import time

import numpy as np
from PIL import Image

runtime = pathlib.Path(__file__).parents[3]
classpath = ":".join(
    [str(runtime / "target/test-classes"), str(runtime / "target/classes"), (runtime / "target/benchmark.classpath").read_text()]
)
timer = subprocess.Popen(
    ["java", "-cp", classpath, "dev.glint.runtime.benchmark.ResizeTimer"],
    stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
)
rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
random = np.random.default_rng(1)
print(f"{'case':42} {'Glint ms':>9} {'Pillow ms':>9} {'ratio':>6}")
for case in [
    (4000, 3000, 224, 224, "BILINEAR"), (4000, 3000, 224, 224, "LANCZOS"), (4000, 3000, 224, 224, "NEAREST"),
    (500, 333, 384, 256, "BILINEAR"), (128, 128, 256, 256, "BILINEAR"), (32, 32, 224, 224, "BICUBIC"),
]:
    width, height, to_width, to_height, name = case
    image = Image.fromarray(random.integers(0, 256, (height, width, 3), dtype=np.uint8))
    resample = Image.Resampling[name]
    glint, pillow = [], []
    repeats = max(1, 2_000_000 // (width * height))
    for turn in range(rounds + 5):
        for _ in range(repeats):
            timer.stdin.write(f"{width} {height} {to_width} {to_height} {name}\n")
            timer.stdin.flush()
            ours = int(timer.stdout.readline().split()[0]) / 1e6
            start = time.thread_time_ns()
            image.resize((to_width, to_height), resample)
            theirs = (time.thread_time_ns() - start) / 1e6
            if turn >= 5:
                glint.append(ours)
                pillow.append(theirs)
    a, b = statistics.median(glint), statistics.median(pillow)
    print(f"{' '.join(map(str, case)):42} {a:9.3f} {b:9.3f} {a / b:6.2f}", flush=True)
timer.stdin.close()
