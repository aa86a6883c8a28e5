"""Times Glint against Pillow on one JPEG file, in turns: decoding, whole and scaled (Pillow's draft mode), and resizing to
224x224.

    ./mvnw -q -pl runtime test-compile
    taskset -c 0 /usr/bin/python3 runtime/src/test/scripts/time_jpeg.py [FILE]

Without FILE it makes photo-12-megapixels.jpg (4000x3000, 4:2:0, quality 85, camera-like noise) in runtime/target from
the photos beside the project. It prints the medians in milliseconds and their ratio, and what scaled decoding saves.
"""

import io
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image

RUNTIME = Path(__file__).resolve().parents[3]
PHOTOS = RUNTIME.parents[1] / "shared/data/photos/imagenet-samples"
WARM_UP = 25
TURNS = 25


def make():
    path = RUNTIME / "target/photo-12-megapixels.jpg"
    if path.exists():
        return path
    whole = Image.new("RGB", (4000, 3000))
    for i, photo in enumerate(sorted(PHOTOS.iterdir())[:16]):
        tile = Image.open(photo).convert("RGB").resize((1000, 750), Image.Resampling.LANCZOS)
        whole.paste(tile, (i % 4 * 1000, i // 4 * 750))
    noise = np.random.RandomState(1).normal(0, 2.5, (3000, 4000, 3))
    pixels = np.clip(np.asarray(whole) + noise, 0, 255).astype(np.uint8)
    Image.fromarray(pixels).save(path, quality=85)
    return path


def by_pillow(data):
    return time_pillow(data, False) + time_pillow(data, True)


def time_pillow(data, scaled):
    start = time.perf_counter_ns()
    image = Image.open(io.BytesIO(data))
    if scaled:
        image.draft(None, (224, 224))
    image = image.convert("RGB")
    decoded = time.perf_counter_ns()
    image.resize((224, 224), Image.Resampling.BILINEAR)
    return decoded - start, time.perf_counter_ns() - decoded


def by_glint(process):
    process.stdin.write("\n")
    process.stdin.flush()
    return tuple(int(n) for n in process.stdout.readline().split())


def main():
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else make()
    data = path.read_bytes()
    classes = f"{RUNTIME}/target/classes:{RUNTIME}/target/test-classes"
    command = ["java", "-XX:+UseSerialGC", "-Xmx1g", "-cp", classes, "dev.glint.runtime.benchmark.PictureTimer", path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        for _ in range(WARM_UP):
            by_glint(process)
        by_pillow(data)
        turns = [(by_glint(process), by_pillow(data)) for _ in range(TURNS)]
    print(f"{path.name}: {len(data)} bytes, {TURNS} turns, median ms")
    print("what\tglint\tpillow\tratio")
    both = {}
    for scaled in False, True:
        for what, columns in [("decode", (0,)), ("resize", (1,)), ("both", (0, 1))]:
            name = what + (" scaled" if scaled else "")
            glint, pillow = (
                statistics.median(sum(turn[i][c + 2 * scaled] for c in columns) for turn in turns) / 1e6 for i in range(2)
            )
            both[name] = glint
            print(f"{name}\t{glint:.1f}\t{pillow:.1f}\t{glint / pillow:.2f}")
    print(f"scaled of whole: {both['both scaled'] / both['both']:.3f}")


if __name__ == "__main__":
    main()
