"""Records what Pillow 9.4 and numpy make of synthetic pictures, for RecordedPixelsTest.

    /usr/bin/python3 runtime/src/test/scripts/record_pixels.py \
        > runtime/src/test/resources/dev/glint/runtime/recorded-pixels.tsv

Every line is an operation, its arguments, and the first 16 hexadecimal digits of the SHA-256 of the resulting bytes.
The pictures come from a hash of the sample's index, which the test computes in the same way. Where torchvision is the
model (shorter side, centre crop, normalisation), its rules are written out here, since it only calls Pillow.
"""

import hashlib

import numpy as np
from PIL import Image, ImageOps, __version__

FILTERS = {
    "NEAREST": Image.Resampling.NEAREST,
    "BOX": Image.Resampling.BOX,
    "BILINEAR": Image.Resampling.BILINEAR,
    "BICUBIC": Image.Resampling.BICUBIC,
    "LANCZOS": Image.Resampling.LANCZOS,
}
CHANNELS = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4}


def noise(count):
    """Sample i of a picture; uint32 arithmetic wraps."""
    h = np.arange(count, dtype=np.uint32) * np.uint32(2654435761)
    h ^= h >> np.uint32(15)
    h *= np.uint32(2246822519)
    h ^= h >> np.uint32(13)
    return (h & np.uint32(255)).astype(np.uint8)


def picture(mode, width, height):
    samples = noise(width * height * CHANNELS[mode])
    return Image.frombytes(mode, (width, height), samples.tobytes())


def record(*fields):
    *arguments, result = fields
    print(*arguments, hashlib.sha256(result).hexdigest()[:16], sep="\t")


def resize_shorter(image, size, resample):
    width, height = image.size
    short, long = (width, height) if width <= height else (height, width)
    new_short, new_long = size, int(size * long / short)
    new_size = (new_short, new_long) if width <= height else (new_long, new_short)
    return image if new_size == image.size else image.resize(new_size, resample)


def center_crop(image, width, height):
    if width > image.width or height > image.height:
        left = (width - image.width) // 2 if width > image.width else 0
        top = (height - image.height) // 2 if height > image.height else 0
        right = (width - image.width + 1) // 2 if width > image.width else 0
        bottom = (height - image.height + 1) // 2 if height > image.height else 0
        image = ImageOps.expand(image, (left, top, right, bottom), 0)
    left = int(round((image.width - width) / 2.0))
    top = int(round((image.height - height) / 2.0))
    return image.crop((left, top, left + width, top + height))


def normalize(image, mean, std):
    """ToTensor and Normalize: float32 throughout."""
    samples = np.asarray(image, dtype=np.float32) / np.float32(255)
    samples = samples.reshape(image.height, image.width, -1).transpose(2, 0, 1)
    mean = np.array(mean, dtype=np.float32)[:, None, None]
    std = np.array(std, dtype=np.float32)[:, None, None]
    return ((samples - mean) / std).astype("<f4").tobytes()


print("# Pillow", __version__, "numpy", np.__version__)

SIZES = [
    ((32, 32), (12, 12)),
    ((12, 12), (32, 32)),
    ((100, 75), (32, 24)),
    ((67, 45), (13, 90)),
    ((45, 67), (90, 13)),
    ((1, 1), (5, 7)),
    ((5, 7), (1, 1)),
    ((2, 300), (3, 7)),
    ((224, 224), (224, 112)),
    ((224, 224), (112, 224)),
    ((333, 500), (256, 384)),
    ((227, 149), (228, 150)),
]
for (width, height), (to_width, to_height) in SIZES:
    for mode in ("L", "RGB"):
        for name, resample in FILTERS.items():
            result = picture(mode, width, height).resize((to_width, to_height), resample).tobytes()
            record("resize", mode, width, height, to_width, to_height, name, result)
for mode, width, height, to_width, to_height, name in [
    ("RGB", 4000, 3000, 224, 224, "BILINEAR"),
    ("RGB", 1546, 1213, 326, 256, "BILINEAR"),
    ("RGB", 1546, 1213, 256, 200, "LANCZOS"),
    ("L", 1546, 1213, 326, 256, "BICUBIC"),
    ("L", 4000, 10, 17, 160, "BOX"),
    ("RGB", 1213, 1546, 500, 501, "NEAREST"),
]:
    result = picture(mode, width, height).resize((to_width, to_height), FILTERS[name]).tobytes()
    record("resize", mode, width, height, to_width, to_height, name, result)

for width, height, size in [
    (500, 333, 256), (333, 500, 256), (256, 256, 256), (300, 256, 256), (7, 1000, 32), (1001, 3, 4), (128, 127, 224),
]:
    record("shorter", width, height, size, resize_shorter(picture("L", width, height), size, FILTERS["BILINEAR"]).tobytes())

for width, height, crop_width, crop_height in [
    (256, 341, 224, 224), (257, 256, 224, 224), (227, 225, 224, 224), (229, 231, 224, 224), (32, 32, 32, 32),
    (10, 10, 15, 20), (10, 30, 15, 20), (11, 30, 14, 7), (3, 2, 6, 7),
]:
    record("crop", width, height, crop_width, crop_height,
           center_crop(picture("RGB", width, height), crop_width, crop_height).tobytes())

for width, height in [(64, 64), (129, 31)]:
    record("gray", "RGB", width, height, picture("RGB", width, height).convert("L").tobytes())
every = np.stack(np.meshgrid(*[np.arange(0, 256, 3)] * 3, indexing="ij"), axis=-1).astype(np.uint8)
record("gray", "cube", 86 * 86, 86, Image.fromarray(every.reshape(86, 86 * 86, 3)).convert("L").tobytes())

for mode in ("LA", "RGBA"):
    record("drop", mode, 61, 47, picture(mode, 61, 47).convert("RGB").tobytes())
    for color in [(0, 0, 0), (255, 255, 255), (12, 130, 251)]:
        image = picture(mode, 61, 47)
        below = Image.new("RGB", image.size, color)
        below.paste(image.convert("RGBA").convert("RGB"), (0, 0), image.getchannel("A"))
        record("composite", mode, 61, 47, *color, below.tobytes())

for orientation in range(1, 9):
    for mode in ("L", "RGB"):
        image = picture(mode, 7, 5)
        image.getexif()[0x0112] = orientation
        record("orientation", orientation, mode, 7, 5, ImageOps.exif_transpose(image).tobytes())

for mode, width, height, to_width, to_height, name, color in [
    ("RGB", 500, 333, 224, 224, "BILINEAR", (124, 116, 104)),
    ("RGB", 333, 500, 224, 224, "BILINEAR", (124, 116, 104)),
    ("RGB", 256, 256, 224, 224, "BICUBIC", (0, 0, 0)),
    ("RGB", 10, 11, 32, 48, "LANCZOS", (255, 0, 1)),
    ("RGB", 11, 10, 32, 48, "BOX", (255, 0, 1)),
    ("RGB", 9, 200, 17, 20, "NEAREST", (9, 8, 7)),
    ("RGB", 1000, 40, 20, 20, "BILINEAR", (9, 8, 7)),
    ("RGB", 5, 2, 3, 1, "BILINEAR", (1, 2, 3)),
    ("RGB", 100, 75, 101, 76, "BILINEAR", (1, 2, 3)),
    ("RGB", 32, 16, 9, 8, "BILINEAR", (40, 50, 60)),
    ("L", 32, 17, 24, 24, "BILINEAR", (128, 128, 128)),
]:
    fill = color if mode == "RGB" else color[0]
    padded = ImageOps.pad(picture(mode, width, height), (to_width, to_height), FILTERS[name], fill)
    record("fit", mode, width, height, to_width, to_height, name, *color, padded.tobytes())

for width, height, size, name in [
    (500, 333, 224, "BILINEAR"), (333, 500, 224, "BICUBIC"), (100, 100, 64, "BOX"), (1000, 30, 20, "LANCZOS"), (7, 5, 50, "NEAREST"),
    (45, 30, 33, "BILINEAR"),
]:
    contained = ImageOps.contain(picture("RGB", width, height), (size, size), FILTERS[name])
    record("longer", width, height, size, name, contained.tobytes())

for mode, width, height, frame_width, frame_height, centering, color in [
    ("RGB", 28, 28, 32, 32, 0.5, (1, 2, 3)), ("RGB", 27, 20, 32, 33, 0.5, (1, 2, 3)), ("RGB", 27, 20, 32, 33, 0, (255, 0, 9)),
    ("RGB", 40, 20, 33, 24, 0.5, (1, 2, 3)), ("RGB", 41, 50, 32, 33, 0.5, (4, 5, 6)), ("RGB", 40, 20, 33, 24, 0, (4, 5, 6)),
    ("L", 10, 30, 15, 24, 0.5, (114, 114, 114)), ("RGB", 1, 1, 4, 3, 0.5, (0, 1, 0)),
]:
    framed = Image.new(mode, (frame_width, frame_height), color if mode == "RGB" else color[0])
    offset = round((frame_width - width) * centering), round((frame_height - height) * centering)
    framed.paste(picture(mode, width, height), offset)
    record("pad", mode, width, height, frame_width, frame_height, "CENTER" if centering else "TOP_LEFT", *color, framed.tobytes())

for mode, width, height, shorter, crop in [
    ("RGB", 500, 333, 256, 224), ("RGB", 333, 499, 256, 224), ("L", 90, 70, 40, 32),
]:
    image = center_crop(resize_shorter(picture(mode, width, height), shorter, FILTERS["BILINEAR"]), crop, crop)
    mean, std = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]) if mode == "RGB" else ([0.1307], [0.3081])
    record("contract", mode, width, height, shorter, crop, normalize(image, mean, std))

for width, height, side, layout, colors, element in [
    (50, 31, 12, "NCHW", "BGR", "FLOAT32"), (50, 31, 12, "NHWC", "RGB", "FLOAT32"), (50, 31, 12, "NHWC", "BGR", "FLOAT32"),
    (31, 50, 12, "NCHW", "RGB", "UINT8"), (31, 50, 12, "NHWC", "RGB", "UINT8"), (31, 50, 12, "NHWC", "BGR", "UINT8"),
    (31, 50, 12, "NHWC", "GRAY", "FLOAT32"), (31, 50, 12, "NCHW", "GRAY", "UINT8"),
]:
    samples = np.asarray(picture("L" if colors == "GRAY" else "RGB", width, height).resize((side, side), FILTERS["BILINEAR"]))
    samples = samples.reshape(side, side, -1)
    if colors == "BGR":
        samples = samples[:, :, ::-1]
    if element == "FLOAT32":
        channels = samples.shape[2]
        mean = np.array([0.1, 0.2, 0.3][:channels], dtype=np.float32)
        std = np.array([0.4, 0.5, 0.6][:channels], dtype=np.float32)
        samples = (samples.astype(np.float32) / np.float32(255) - mean) / std
    if layout == "NCHW":
        samples = samples.transpose(2, 0, 1)
    record("tensor", "L" if colors == "GRAY" else "RGB", width, height, side, layout, colors, element, np.ascontiguousarray(samples).tobytes())
