"""Records what Pillow 9.4 makes of the pictures that expected-pillow.tsv does not have, for PhotosTest.

    /usr/bin/python3 runtime/src/test/scripts/record_photos.py ../shared/data \
        > runtime/src/test/resources/dev/glint/runtime/decode/pillow-photos.tsv

Columns: file, width, height, the first 16 digits of the SHA-256 of the 8-bit RGB bytes, not turned upright.
"""

import hashlib
import pathlib
import sys

from PIL import Image

folder = pathlib.Path(sys.argv[1])
endings = {".jpg", ".jpeg", ".png", ".bmp", ".pgm", ".ppm"}
for part in ("onnx", "photos"):
    for path in sorted((folder / part).rglob("*")):
        if path.suffix.lower() in endings:
            image = Image.open(path).convert("RGB")
            digest = hashlib.sha256(image.tobytes()).hexdigest()[:16]
            print(path.relative_to(folder).as_posix(), image.width, image.height, digest, sep="\t")
