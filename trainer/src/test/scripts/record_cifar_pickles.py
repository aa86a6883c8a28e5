"""Writes a tiny CIFAR-10 in its Python version as Python 2 and NumPy wrote the published one: protocol 2, strings of
bytes. Sample j of picture i of file f is noise((f * 3 + i) * 3072 + j), its label (f + i) % 10. Needs NumPy.

    python3 trainer/src/test/scripts/record_cifar_pickles.py trainer/src/test/resources/dev/glint/trainer/data
"""

import pickle
import struct
import sys
from pathlib import Path

import numpy


def noise(i):
    h = (i * 0x9E3779B1) & 0xFFFFFFFF
    h ^= h >> 15
    h = (h * 0x85EBCA77) & 0xFFFFFFFF
    h ^= h >> 13
    return h & 0xFF


class Python2Pickler(pickle._Pickler):
    """What str was in Python 2 is bytes now, and is written as it was then."""

    dispatch = dict(pickle._Pickler.dispatch)

    def save_str(self, text):
        self.save_bytes(text.encode("latin1"))

    def save_bytes(self, text):
        if len(text) < 256:
            self.write(b"U" + bytes([len(text)]) + text)
        else:
            self.write(b"T" + struct.pack("<i", len(text)) + text)
        self.memoize(text)

    dispatch[str] = save_str
    dispatch[bytes] = save_bytes


def write(file, value):
    with open(file, "wb") as out:
        Python2Pickler(out, 2).dump(value)


target = Path(sys.argv[1])
names = "airplane automobile bird cat deer dog frog horse ship truck".split()
write(target / "batches.meta", {"num_cases_per_batch": 10000, "label_names": names, "num_vis": 3072})
for f, name in enumerate(["data_batch", "test_batch"]):
    data = numpy.array([[noise((f * 3 + i) * 3072 + j) for j in range(3072)] for i in range(3)], dtype=numpy.uint8)
    write(
        target / name,
        {
            "batch_label": name,
            "labels": [(f + i) % 10 for i in range(3)],
            "data": data,
            "filenames": ["picture_%d.png" % i for i in range(3)],
        },
    )
