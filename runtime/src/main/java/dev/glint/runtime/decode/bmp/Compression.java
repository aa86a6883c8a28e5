package dev.glint.runtime.decode.bmp;

import dev.glint.runtime.decode.common.Damage;

/** How the pixels are stored, and for which bits per pixel. */
enum Compression {
    NONE(1, 4, 8, 16, 24, 32),
    RLE8(8),
    RLE4(4),
    BITFIELDS(16, 24, 32);

    private final int[] depths;

    Compression(int... depths) {
        this.depths = depths;
    }

    boolean isRunLength() {
        return this == RLE8 || this == RLE4;
    }

    static Compression find(long code, int bitsPerPixel) {
        if (code >= values().length) {
            throw Damage.unsupported("a BMP of compression " + code, "none, RLE8, RLE4 or bit fields");
        }
        Compression compression = values()[(int) code];
        for (int depth : compression.depths) {
            if (depth == bitsPerPixel) {
                return compression;
            }
        }
        throw Damage.unsupported(
                "a BMP of " + bitsPerPixel + " bits per pixel, compression " + compression,
                "1, 4, 8, 16, 24 or 32 bits that fit the compression");
    }
}
