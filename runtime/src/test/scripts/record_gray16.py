"""Records what Pillow 9.4 makes of 16-bit gray PNG files as 8-bit RGB, for ExpectedPillowTest.

The column rgb_sha256_16 of expected-pillow.tsv holds, for these files alone, the hash of Pillow's 32-bit samples, so
their RGB bytes are recorded here.

    /usr/bin/python3 runtime/src/test/scripts/record_gray16.py ../shared/data/pictures \
        > runtime/src/test/resources/dev/glint/runtime/decode/pillow-gray16.tsv
"""

import hashlib
import pathlib
import sys

from PIL import Image

folder = pathlib.Path(sys.argv[1])
for path in sorted(folder.rglob("*.png")):
    try:
        image = Image.open(path)
        image.load()
    except Exception:
        continue
    if image.mode == "I":
        rgb = image.convert("RGB").tobytes()
        print(path.relative_to(folder).as_posix(), hashlib.sha256(rgb).hexdigest()[:16], sep="\t")
