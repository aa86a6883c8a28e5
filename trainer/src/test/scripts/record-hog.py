#!/usr/bin/env python3
"""Records what scikit-image's hog gives for pictures that HogTest makes itself.

Debian: apt-get install python3-skimage; then
    python3 record-hog.py > ../resources/dev/glint/trainer/baseline/hog.tsv
A line per picture: width, height, channels, square root or not, seed, then the values.
"""
import numpy as np
import skimage
from skimage.feature import hog


def picture(seed, width, height, channels):
    """Bytes of a 64-bit linear congruential generator (Knuth's MMIX constants), its top byte of each state."""
    state, out = seed, []
    for _ in range(width * height * channels):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        out.append(state >> 56)
    shape = (height, width, channels) if channels > 1 else (height, width)
    return np.array(out, dtype=np.uint8).reshape(shape)


print("# scikit-image", skimage.__version__, "numpy", np.__version__)
for seed, (width, height, channels, root) in enumerate(
        [(32, 32, 3, False), (32, 32, 3, True), (32, 32, 1, False), (21, 18, 3, False), (16, 24, 1, True)]):
    values = hog(picture(seed, width, height, channels), orientations=9, pixels_per_cell=(8, 8),
                 cells_per_block=(2, 2), block_norm='L2-Hys', transform_sqrt=root,
                 channel_axis=-1 if channels > 1 else None)
    print(width, height, channels, int(root), seed, *(repr(float(v)) for v in values), sep='\t')
