"""Records what Pillow makes of pictures of noise, for AugmentRecordedTest. Run with Pillow 9.4 or another version:

    python3 trainer/src/test/scripts/record_augment.py > trainer/src/test/resources/dev/glint/trainer/augment/pillow.tsv
"""

import hashlib

import PIL
from PIL import Image, ImageEnhance


def noise(i):
    h = (i * 0x9E3779B1) & 0xFFFFFFFF
    h ^= h >> 15
    h = (h * 0x85EBCA77) & 0xFFFFFFFF
    h ^= h >> 13
    return h & 0xFF


def picture(width, height, mode):
    return Image.frombytes(mode, (width, height), bytes(noise(i) for i in range(width * height * len(mode))))


def hue(image, turn):
    h, s, v = image.convert("HSV").split()
    shift = int(turn * 255) & 0xFF
    return Image.merge("HSV", (h.point(lambda x: (x + shift) & 0xFF), s, v)).convert("RGB")


def line(operation, width, height, mode, value, result):
    digest = hashlib.sha256(result.tobytes()).hexdigest()[:16]
    print(operation, width, height, mode, value, digest, sep="\t")


print("# Pillow", PIL.__version__, "made by record_augment.py: operation, width, height, mode, parameter, SHA-256")
SIZES = [(32, 32, "RGB"), (17, 9, "RGB"), (8, 13, "L")]
for width, height, mode in SIZES:
    image = picture(width, height, mode)
    for degrees in [0.5, -7.25, 15, 33.3, -45, 89.9, 120, -179.5]:
        line("rotate", width, height, mode, degrees, image.rotate(degrees, Image.BILINEAR))
    for factor in [0.0, 0.25, 0.6, 0.99, 1.01, 1.4, 2.5]:
        line("brightness", width, height, mode, factor, ImageEnhance.Brightness(image).enhance(factor))
        line("contrast", width, height, mode, factor, ImageEnhance.Contrast(image).enhance(factor))
        if mode == "RGB":
            line("saturation", width, height, mode, factor, ImageEnhance.Color(image).enhance(factor))
image = picture(256, 200, "RGB")
for turn in [-0.5, -0.31, -0.1, -0.003, 0.0, 0.05, 0.2, 0.499]:
    line("hue", 256, 200, "RGB", turn, hue(image, turn))
