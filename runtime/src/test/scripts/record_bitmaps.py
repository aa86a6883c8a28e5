"""Writes BMP and PNM files of every kind and what Pillow 9.4 makes of them, for GeneratedBitmapsTest.

    /usr/bin/python3 runtime/src/test/scripts/record_bitmaps.py \
        runtime/src/test/resources/dev/glint/runtime/decode/generated
"""

import hashlib
import io
import pathlib
import struct
import sys

from PIL import Image, __version__

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
W, H = 13, 7


def noise(i):
    h = i * 2654435761 & 0xFFFFFFFF
    h ^= h >> 15
    h = h * 2246822519 & 0xFFFFFFFF
    h ^= h >> 13
    return h & 255


def samples(count, bits=8):
    wide = [noise(2 * i) << 8 | noise(2 * i + 1) for i in range(count)]
    return [value & ((1 << bits) - 1) for value in wide]


def pack(values, bits):
    """Values of up to 8 bits, highest bits first, to a multiple of 4 bytes."""
    row, filled, number = bytearray(), 0, 0
    for value in values:
        number = number << bits | value
        filled += bits
        if filled == 8:
            row.append(number)
            filled, number = 0, 0
    if filled:
        row.append(number << (8 - filled))
    return bytes(row) + bytes(-len(row) % 4)


def palette(colors, gray=False, entry=4):
    out = bytearray()
    for i in range(colors):
        rgb = [255 * i if colors == 2 else i] * 3 if gray else [noise(900 + 3 * i + c) for c in range(3)]
        out += bytes(rgb) + bytes(entry - 3)
    return bytes(out)


def bmp(bits, data, colors=b"", header=40, compression=0, height=H, used=0, masks=(), offset=None):
    if header == 12:
        dib = struct.pack("<IHHHH", 12, W, height, 1, bits)
    else:
        dib = struct.pack("<IiiHHIIiiII", header, W, height, 1, bits, compression, len(data), 2835, 2835, used, 0)
        extra = b"".join(struct.pack("<I", mask) for mask in masks)
        if header > 40:
            dib += extra + bytes(header - 40 - len(extra))
        else:
            dib += extra
    start = 14 + len(dib) + len(colors)
    offset = start if offset is None else offset
    return b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, offset) + dib + colors + data


def rows(bits):
    values = samples(W * H, bits)
    return b"".join(pack(values[y * W:(y + 1) * W], bits) for y in range(H))


def wide_rows(size):
    out = bytearray()
    for y in range(H):
        row = bytes(noise(y * W * size + i) for i in range(W * size))
        out += row + bytes(-len(row) % 4)
    return bytes(out)


def rle8():
    """Runs, literal pixels with and without padding, ends of line."""
    out = bytearray()
    for y in range(H):
        if y % 2:
            out += bytes([5, noise(y)]) + bytes([0, 5] + [noise(50 + y + i) for i in range(5)] + [0]) + bytes([3, 9])
        else:
            out += bytes([0, 4] + [noise(80 + y + i) for i in range(4)]) + bytes([9, noise(y)])
        out += b"\0\0" if y < H - 1 else b"\0\1"
    return bytes(out)


def rle4():
    out = bytearray()
    for y in range(H):
        if y % 2:
            out += bytes([7, noise(y)]) + bytes([0, 6, 0x12, 0x34, 0x56, 0])
        else:
            out += bytes([0, 4, 0xAB, 0xCD]) + bytes([9, noise(y)])
        out += b"\0\0" if y < H - 1 else b"\0\1"
    return bytes(out)


files = {}
for bits in (1, 4, 8):
    files[f"pal{bits}.bmp"] = bmp(bits, rows(bits), palette(1 << bits))
    files[f"pal{bits}-topdown.bmp"] = bmp(bits, rows(bits), palette(1 << bits), height=-H)
    files[f"pal{bits}-os2.bmp"] = bmp(bits, rows(bits), palette(1 << bits, entry=3), header=12)
    files[f"pal{bits}-os2v2.bmp"] = bmp(bits, rows(bits), palette(1 << bits), header=64)
files["gray1.bmp"] = bmp(1, rows(1), palette(2, gray=True))
files["gray8.bmp"] = bmp(8, rows(8), palette(256, gray=True))
files["gray8-v5.bmp"] = bmp(8, rows(8), palette(256, gray=True), header=124)
files["pal8-few.bmp"] = bmp(8, rows(8), palette(100), used=100)
files["pal4-few.bmp"] = bmp(4, rows(4), palette(5), used=5)
files["pal8-offset0.bmp"] = bmp(8, rows(8), palette(256), offset=0)
files["pal8-offset-at-palette.bmp"] = bmp(8, rows(8), palette(256), offset=54)
files["rgb15.bmp"] = bmp(16, wide_rows(2))
files["rgb15-topdown.bmp"] = bmp(16, wide_rows(2), height=-H)
files["rgb565.bmp"] = bmp(16, wide_rows(2), compression=3, masks=(0xF800, 0x7E0, 0x1F))
files["rgb555.bmp"] = bmp(16, wide_rows(2), compression=3, masks=(0x7C00, 0x3E0, 0x1F))
files["rgb565-v4.bmp"] = bmp(16, wide_rows(2), header=108, compression=3, masks=(0xF800, 0x7E0, 0x1F, 0))
files["rgb1555-v4.bmp"] = bmp(16, wide_rows(2), header=108, compression=3, masks=(0x7C00, 0x3E0, 0x1F, 0x8000))
files["rgb24.bmp"] = bmp(24, wide_rows(3))
files["rgb24-os2.bmp"] = bmp(24, wide_rows(3), header=12)
files["rgb24-topdown.bmp"] = bmp(24, wide_rows(3), height=-H)
files["rgb24-v5.bmp"] = bmp(24, wide_rows(3), header=124)
files["rgb24-with-palette.bmp"] = bmp(24, wide_rows(3), palette(20), used=20)
files["rgb24-fields.bmp"] = bmp(24, wide_rows(3), compression=3, masks=(0xFF0000, 0xFF00, 0xFF))
files["rgb32.bmp"] = bmp(32, wide_rows(4))
files["rgb32-fields.bmp"] = bmp(32, wide_rows(4), compression=3, masks=(0xFF0000, 0xFF00, 0xFF))
for name, masks in {
    "bgrx": (0xFF0000, 0xFF00, 0xFF, 0),
    "xbgr": (0xFF000000, 0xFF0000, 0xFF00, 0),
    "abgr": (0xFF000000, 0xFF0000, 0xFF00, 0xFF),
    "rgba": (0xFF, 0xFF00, 0xFF0000, 0xFF000000),
    "bgra": (0xFF0000, 0xFF00, 0xFF, 0xFF000000),
    "zero": (0, 0, 0, 0),
}.items():
    files[f"rgb32-{name}.bmp"] = bmp(32, wide_rows(4), header=108, compression=3, masks=masks)
files["rgb32-odd-fields.bmp"] = bmp(32, wide_rows(4), header=108, compression=3, masks=(0x3FF00000, 0xFFC00, 0x3FF, 0))
files["rle8.bmp"] = bmp(8, rle8(), palette(256), compression=1)
files["rle8-topdown.bmp"] = bmp(8, rle8(), palette(256), compression=1, height=-H)
files["rle8-too-long-rows.bmp"] = bmp(8, b"".join(bytes([20, y, 0, 0]) for y in range(H)) + b"\0\1", palette(256), compression=1)
files["rle4.bmp"] = bmp(4, rle4(), palette(16), compression=2)
files["rle8-truncated.bmp"] = bmp(8, rle8()[:30], palette(256), compression=1)
files["rle8-odd-literals.bmp"] = bmp(8, bytes([0, 3, 1, 2, 3, 0, 10, 7, 0, 0]) * H + b"\0\1", palette(256), compression=1)
files["rle8-blank-rows.bmp"] = bmp(8, b"\0\0" + bytes([13, 5, 0, 0]) * (H - 1) + b"\0\1", palette(256), compression=1)
files["rle8-ends-early.bmp"] = bmp(8, bytes([13, 5, 0, 0]) * 3 + b"\0\1", palette(256), compression=1)
files["rle8-delta.bmp"] = bmp(8, bytes([0, 2, 3, 0, 10, 7, 0, 0]) + bytes([0, 2, 0, 5, 13, 9, 0, 1]), palette(256), compression=1)
files["rle4-odd-literals.bmp"] = bmp(4, bytes([0, 5, 0x12, 0x34, 0x50, 0, 8, 0x77, 0, 0]) * H + b"\0\1", palette(16), compression=2)
files["rgb24-truncated.bmp"] = files["rgb24.bmp"][:-20]
files["rgb24-no-last-padding.bmp"] = files["rgb24.bmp"][:-1]
files["pal8-truncated-header.bmp"] = files["pal8.bmp"][:30]
files["bits2.bmp"] = bmp(2, rows(2), palette(4))
files["compression4.bmp"] = bmp(24, wide_rows(3), compression=4)
files["header50.bmp"] = bmp(24, wide_rows(3), header=50)
files["height0.bmp"] = bmp(24, b"", height=0)

PLAIN = {1: ("P1", 1), 2: ("P2", 1), 3: ("P3", 3)}


def plain(kind, maxval=None, separator=" ", extra=""):
    magic, channels = PLAIN[kind]
    bits = (maxval or 1).bit_length()
    values = [min(value, maxval or 1) for value in samples(W * H * channels, bits)]
    head = f"{magic}\n# a comment\n{W} {H}\n" + (f"{maxval}\n" if maxval else "")
    return (head + separator.join(map(str, values)) + extra).encode()


def raw(kind, maxval=None, header=None):
    channels = 3 if kind == 6 else 1
    head = header or f"P{kind}\n{W} {H}\n" + (f"{maxval}\n" if maxval else "")
    if kind == 4:
        values = samples(W * H, 1)
        body = b"".join(pack(values[y * W:(y + 1) * W], 1)[:(W + 7) // 8] for y in range(H))
    else:
        values = [min(value, maxval) for value in samples(W * H * channels, maxval.bit_length())]
        body = b"".join(struct.pack(">H" if maxval > 255 else "B", value) for value in values)
    return head.encode() + body


files["plain1.pbm"] = plain(1)
files["plain1-dense.pbm"] = plain(1, separator="")
files["plain1-bad.pbm"] = plain(1) .replace(b" 1", b" 2", 1)
files["raw4.pbm"] = raw(4)
for maxval in (1, 2, 7, 100, 255, 256, 1000, 32768, 65535):
    files[f"plain2-{maxval}.pgm"] = plain(2, maxval)
    files[f"plain3-{maxval}.ppm"] = plain(3, maxval)
    files[f"raw5-{maxval}.pgm"] = raw(5, maxval)
    files[f"raw6-{maxval}.ppm"] = raw(6, maxval)
files["raw5-comments.pgm"] = raw(5, 255, f"P5 # a\n#b\n {W}\t{H} # c\r255\n")
files["raw6-crlf.ppm"] = raw(6, 255, f"P6\r{W} {H}\r255\r")
files["raw5-beyond-maxval.pgm"] = raw(5, 255, f"P5 {W} {H} 200\n")
files["raw6-trailing.ppm"] = raw(6, 255) + b"P6 more"
files["raw6-truncated.ppm"] = raw(6, 255)[:-1]
files["raw4-truncated.pbm"] = raw(4)[:-1]
files["plain2-truncated.pgm"] = plain(2, 255).rsplit(b" ", 1)[0]
files["plain2-beyond-maxval.pgm"] = plain(2, 255, extra="").replace(b"255\n", b"200\n")
files["plain2-words.pgm"] = plain(2, 255).rsplit(b" ", 1)[0] + b" x"
files["maxval0.pgm"] = raw(5, 255, f"P5 {W} {H} 0\n")
files["maxval65536.pgm"] = raw(5, 255, f"P5 {W} {H} 65536\n")
files["no-size.pgm"] = b"P5 x 7 255\n"
files["header-only.pgm"] = b"P5\n13 7\n255"

with open(folder / "expected.tsv", "w", encoding="utf-8", newline="\n") as table:
    print(f"# Pillow {__version__}: file, mode, size, RGB hash or refused", file=table)
    for name, content in sorted(files.items()):
        (folder / name).write_bytes(content)
        try:
            image = Image.open(io.BytesIO(content))
            rgb = image.convert("RGB").tobytes()
            line = (name, image.mode, "%dx%d" % image.size, hashlib.sha256(rgb).hexdigest()[:16])
        except Exception as e:
            line = (name, "-", "-", "refused", type(e).__name__, str(e).split(" '<")[0].replace("\n", " ")[:60])
        print(*line, sep="\t", file=table)
