"""Makes the JPEG files of JpegRecordedTest and records what Pillow 9.4 (libjpeg-turbo 2.1.5) decodes them to.

    /usr/bin/python3 runtime/src/test/scripts/record_jpeg.py [SHARED_DATA]

It needs Debian's python3-pil, python3-numpy and libjpeg-turbo-progs (cjpeg), all of bookworm. It writes into
runtime/src/test/resources/dev/glint/runtime/decode/jpeg: the files; files.tsv (name, mode, size, hash); damaged.tsv
(name, edit, hash with LOAD_TRUNCATED_IMAGES, hash without; "-" where Pillow refuses); scaled.tsv and damaged-scaled.tsv, the same in draft mode (a half, a quarter and an eighth of each
side; of damaged files with LOAD_TRUNCATED_IMAGES); and, given the data beside the
project, photos.tsv (a photo or a folder of photos, hash). A hash is the first 16 hexadecimal digits of the SHA-256 of the
8-bit RGB bytes; that of a folder is taken of its photos' hashes, one a line in the order of their names.
"""

import hashlib
import io
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageFile

OUT = Path(__file__).parent.parent / "resources/dev/glint/runtime/decode/jpeg"
SIZES = [(1, 1), (2, 3), (3, 2), (5, 7), (8, 8), (9, 17), (16, 16), (17, 9), (31, 34), (67, 45)]
LARGE = (67, 45)
SCALES = [2, 4, 8]


def picture(width, height):
    """Slopes, edges, saturated colours and noise."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    noise = np.random.RandomState(width * 1000 + height).normal(0, 6, (height, width, 3))
    rgb = np.stack(
        [127 + 127 * np.sin(x / 9 + y / 31), 255 * y / max(height - 1, 1), 127 + 127 * np.cos((x - y) / 13)], -1
    )
    rgb[(x // 11 + y // 7) % 5 == 0] = (250, 20, 10)
    rgb[(x // 13 + y // 17) % 7 == 3] = (5, 10, 245)
    return Image.fromarray(np.clip(rgb + noise, 0, 255).astype(np.uint8), "RGB")


def by_pillow(name, image, **options):
    image.save(OUT / f"{name}.jpg", **options)


def by_cjpeg(name, image, *options):
    ppm = io.BytesIO()
    image.save(ppm, "PPM")
    jpeg = subprocess.run(["cjpeg", *options], input=ppm.getvalue(), stdout=subprocess.PIPE, check=True).stdout
    (OUT / f"{name}.jpg").write_bytes(jpeg)


def scans(name, image, script, *options):
    path = OUT / "script"
    path.write_text(script)
    by_cjpeg(name, image, "-scans", str(path), *options)
    path.unlink()


def make():
    large = picture(*LARGE)
    for size in SIZES:
        image = picture(*size)
        label = "%dx%d" % size
        for subsampling, ratio in enumerate(["444", "422", "420"]):
            by_pillow(f"size-{label}-{ratio}", image, quality=80, subsampling=subsampling)
            if size in [(1, 1), (9, 17), (31, 34)]:
                by_pillow(f"size-{label}-{ratio}-progressive", image, quality=80, subsampling=subsampling, progressive=True)
        by_pillow(f"size-{label}-gray", image.convert("L"), quality=80)
        by_cjpeg(f"size-{label}-440", image, "-sample", "1x2")
    for quality in [1, 2, 5, 10, 20, 30, 50, 70, 85, 92, 97, 100]:
        by_pillow(f"quality-{quality}", large, quality=quality, subsampling=2 if quality < 60 else 0)
        by_pillow(f"quality-{quality}-progressive", large, quality=quality, progressive=True)
    for factors in ["2x2", "2x1", "1x2", "4x1", "1x4", "4x2", "2x4", "3x1", "1x3", "3x2"]:
        by_cjpeg(f"factors-{factors}", large, "-sample", factors)
    for factors in ["2x2,2x1,1x2", "2x2,1x2,1x1", "1x1,2x2,1x1", "1x1,1x1,2x2", "2x1,1x2,2x2", "4x2,1x1,1x1", "1x1,2x1,1x2"]:
        by_cjpeg("factors-" + factors.replace(",", "-"), large, "-sample", factors)
    by_cjpeg("factors-4x2-progressive", large, "-sample", "4x2", "-progressive")
    scans("factors-4x4-separate", large, "0;1;2;", "-sample", "4x4")
    scans("factors-3x3-separate", large, "0;1;2;", "-sample", "3x3")
    by_cjpeg("factors-gray-2x2", large, "-grayscale", "-sample", "2x2")
    by_cjpeg("factors-gray-4x3-progressive", large, "-grayscale", "-sample", "4x3", "-progressive")
    by_cjpeg("tables-optimized", large, "-optimize", "-quality", "60")
    by_cjpeg("tables-16-bit", large, "-quality", "3")
    by_cjpeg("tables-two-qualities", large, "-quality", "90,20")
    by_cjpeg("color-rgb", large, "-rgb", "-quality", "85")
    by_cjpeg("color-rgb-progressive", large, "-rgb", "-quality", "85", "-progressive")
    for restart in ["1", "2", "1B", "3B", "7B"]:
        by_cjpeg(f"restart-{restart}", large, "-restart", restart, "-sample", "2x2")
    by_cjpeg("restart-1-progressive", large, "-restart", "1", "-progressive")
    by_cjpeg("restart-3B-progressive", large, "-restart", "3B", "-progressive", "-quality", "85")
    by_cjpeg("restart-5B-gray", large, "-restart", "5B", "-grayscale")
    scans("scans-sequential-separate", large, "0;1;2;")
    scans("scans-sequential-grouped", large, "0;1,2;", "-sample", "2x1")
    scans("scans-sequential-restart", large, "0,1;2;", "-restart", "2B")
    scans("scans-averages-only", large, "0,1,2: 0-0, 0, 0;")
    scans("scans-averages-coarse", large, "0,1,2: 0-0, 0, 2;")
    scans("scans-some-frequencies", large, "0,1,2: 0-0, 0, 1; 0: 1-2, 0, 2; 1: 1-5, 0, 0; 0,1,2: 0-0, 1, 0;")
    scans("scans-coarse-frequencies", large, "0,1,2: 0-0, 0, 0; 0: 1-5, 0, 3; 2: 1-63, 0, 1; 1: 1-63, 0, 2;", "-sample", "1x1")
    scans("scans-gray-averages", large, "0: 0-0, 0, 0;", "-grayscale")
    narrow = picture(15, 70)
    scans("scans-narrow-averages", narrow, "0,1,2: 0-0, 0, 0;", "-sample", "1x1")
    scans("scans-tall-averages", narrow, "0,1,2: 0-0, 0, 0; 0: 1-1, 0, 1;", "-sample", "2x2")
    deep = ["0,1,2: 0-0, 0, 3;"] + [f"{c}: 1-63, 0, 3;" for c in range(3)]
    deep += [f"0,1,2: 0-0, {h}, {h - 1};" for h in (3, 2, 1)]
    deep += [f"{c}: 1-63, {h}, {h - 1};" for h in (3, 2, 1) for c in range(3)]
    scans("scans-deep", large, "\n".join(deep), "-quality", "95")
    cmyk = Image.merge("CMYK", [*large.split(), large.convert("L").transpose(Image.Transpose.FLIP_LEFT_RIGHT)])
    by_pillow("cmyk", cmyk, quality=80)
    by_pillow("cmyk-progressive", cmyk, quality=80, progressive=True)
    plain = (OUT / "cmyk.jpg").read_bytes()
    at = plain.index(b"Adobe") + 11
    (OUT / "ycck.jpg").write_bytes(plain[:at] + b"\2" + plain[at + 1 :])
    at = plain.index(b"\xff\xee")
    (OUT / "cmyk-without-adobe.jpg").write_bytes(plain[:at] + plain[at + 16 :])
    exif = Image.Exif()
    exif[0x0112] = 6
    by_pillow("exif-6", picture(24, 16), exif=exif)


def decode(data, lenient=False, scale=1):
    ImageFile.LOAD_TRUNCATED_IMAGES = lenient
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.draft(None, (image.width // scale, image.height // scale))
            mode, size = image.mode, image.size
            rgb = image.convert("RGB").tobytes()
    except Exception:
        return None
    return mode, "%dx%d" % size, hashlib.sha256(rgb).hexdigest()[:16]


def gave_up(data, scale=1):
    """Whether libjpeg stopped before the first row, for which Pillow shows its background."""
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    with Image.open(io.BytesIO(data)) as image:
        image.draft(None, (image.width // scale, image.height // scale))
        return image.tobytes().count(0) == len(image.tobytes())


def record_files(names):
    with open(OUT / "files.tsv", "w") as table:
        for name in names:
            print(name, *decode((OUT / name).read_bytes()), sep="\t", file=table)


def record_scaled(names):
    """What Image.draft makes of them: the half, the quarter and the eighth of each side."""
    with open(OUT / "scaled.tsv", "w") as table:
        for name in names:
            data = (OUT / name).read_bytes()
            with Image.open(io.BytesIO(data)) as image:
                shorter = min(image.size)
            for scale in (scale for scale in SCALES if scale <= shorter):
                _, size, digest = decode(data, scale=scale)
                print(name, scale, size, digest, sep="\t", file=table)


def record_damaged_scaled():
    with open(OUT / "damaged.tsv") as lines, open(OUT / "damaged-scaled.tsv", "w") as table:
        for line in lines:
            name, edit, *_ = line.split("\t")
            data = edited((OUT / name).read_bytes(), edit)
            hashes = []
            for scale in SCALES:
                lenient, strict = (decode(data, lenient, scale) for lenient in (True, False))
                if lenient and lenient != strict and gave_up(data, scale):
                    lenient = None
                hashes.append(lenient[2] if lenient else "-")
            print(name, edit, *hashes, sep="\t", file=table)


def edits(size, generator):
    """Cuts, and bytes that were hit, behind the headers."""
    yield f"cut {generator.randrange(size * 2 // 3, size)}"
    yield "hit " + " ".join(
        f"{generator.randrange(size // 2, size)}={generator.randrange(256)}" for _ in range(generator.randrange(1, 4))
    )


def edited(data, edit):
    kind, *arguments = edit.split()
    if kind == "cut":
        return data[: int(arguments[0])]
    data = bytearray(data)
    for argument in arguments:
        at, value = argument.split("=")
        data[int(at)] = int(value)
    return bytes(data)


def record_damaged(names):
    generator = random.Random(1)
    with open(OUT / "damaged.tsv", "w") as table:
        for name in names:
            data = (OUT / name).read_bytes()
            rounds = 5 if name.startswith("restart") else 1
            for edit in (edit for _ in range(rounds) for edit in edits(len(data), generator)):
                lenient, strict = (decode(edited(data, edit), lenient) for lenient in (True, False))
                if lenient and lenient != strict and gave_up(edited(data, edit)):
                    lenient = None
                print(name, edit, *(h[2] if h else "-" for h in (lenient, strict)), sep="\t", file=table)


def record_photos(folder):
    def hash_of(path):
        return decode(path.read_bytes())[2]

    with open(OUT / "photos.tsv", "w") as table:
        for path in [folder / "photos/dog.jpg", *sorted((folder / "photos/imagenet-samples").iterdir())]:
            print(path.relative_to(folder), hash_of(path), sep="\t", file=table)
        for path in sorted((folder / "photos/flowers").glob("*/*")):
            lines = "".join(hash_of(photo) + "\n" for photo in sorted(path.iterdir()))
            print(path.relative_to(folder), hashlib.sha256(lines.encode()).hexdigest()[:16], sep="\t", file=table)


if __name__ == "__main__":
    photos = OUT / "photos.tsv"
    kept = photos.read_bytes() if photos.exists() else None
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    make()
    files = sorted(os.listdir(OUT))
    record_files(files)
    record_scaled(files)
    record_damaged(files)
    record_damaged_scaled()
    if len(sys.argv) > 1:
        record_photos(Path(sys.argv[1]))
    elif kept:
        photos.write_bytes(kept)
