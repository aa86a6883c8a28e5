package dev.glint.runtime.decode;

/**
 * What a picture may ask for at most; checked before anything of that size is allocated.
 *
 * @param pixels width x height
 * @param encodedBytes the encoded file
 * @param side width or height
 * @param textChunkBytes one text, profile or metadata chunk of a PNG, decompressed
 */
public record DecodeLimits(long pixels, int encodedBytes, int side, int textChunkBytes) {
    public DecodeLimits {
        if (pixels < 1 || encodedBytes < 1 || side < 1 || textChunkBytes < 1) {
            throw new IllegalArgumentException("limits must be positive");
        }
    }

    /** 40 megapixels, 32 MiB encoded, 16,384 per side, 1 MiB per PNG text chunk. */
    public static DecodeLimits defaults() {
        return new DecodeLimits(40_000_000, 32 << 20, 16_384, 1 << 20);
    }
}
