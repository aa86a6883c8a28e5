"""Records what Pillow 9.4 makes of PNG files beyond the columns of expected-pillow.tsv, for ExpectedPillowTest.

    /usr/bin/python3 runtime/src/test/scripts/record_png.py ../shared/data/pictures \
        > runtime/src/test/resources/dev/glint/runtime/decode/pillow-png.tsv

Columns: file, hash of the RGB bytes, hash of the RGBA bytes. RGB is needed for 16-bit gray, for which the other table
holds the hash of Pillow's 32-bit samples; RGBA shows transparency.
"""

import hashlib
import pathlib
import sys

from PIL import Image


def digest(image, mode):
    return hashlib.sha256(image.convert(mode).tobytes()).hexdigest()[:16]


folder = pathlib.Path(sys.argv[1])
for path in sorted(folder.rglob("*.png")):
    try:
        image = Image.open(path)
        image.load()
    except Exception:
        continue
    rgba = "-" if image.mode == "I" else digest(image, "RGBA")
    print(path.relative_to(folder).as_posix(), digest(image, "RGB"), rgba, sep="\t")
