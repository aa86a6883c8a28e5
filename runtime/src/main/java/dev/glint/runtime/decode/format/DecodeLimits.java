package dev.glint.runtime.decode.format;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;

/**
 * What a picture may ask for at most; checked before anything of that size is allocated.
 *
 * @param pixels width x height of what is decoded, at most 536,870,909
 * @param encodedBytes the encoded file
 * @param side width or height, as stored
 * @param textChunkBytes one text, profile or metadata chunk of a PNG, decompressed
 */
public record DecodeLimits(long pixels, int encodedBytes, int side, int textChunkBytes) {
    /** Four samples of each still fit into one array. */
    private static final long MAX_PIXELS = (Integer.MAX_VALUE - 8) / 4;

    public DecodeLimits {
        if (pixels < 1 || encodedBytes < 1 || side < 1 || textChunkBytes < 1) {
            throw new IllegalArgumentException("limits must be positive");
        }
        if (pixels > MAX_PIXELS) {
            throw new IllegalArgumentException("an array holds at most " + MAX_PIXELS + " pixels");
        }
    }

    /** 40 megapixels, 32 MiB encoded, 16,384 per side, 1 MiB per PNG text chunk. */
    public static DecodeLimits defaults() {
        return new DecodeLimits(40_000_000, 32 << 20, 16_384, 1 << 20);
    }

    /**
     * Lets a picture of this size through.
     *
     * @throws GlintException ({@code LIMIT}) if a side or the number of pixels exceeds its limit
     */
    public void requireSize(long width, long height) {
        requireSides(width, height);
        if (width * height > pixels) {
            throw exceeded(
                    "a picture of " + width + "x" + height + " (" + width * height + " pixels)",
                    "at most " + pixels + " pixels");
        }
    }

    /**
     * Lets a picture with these sides through, whatever pixels there are between them.
     *
     * @throws GlintException ({@code LIMIT}) if a side exceeds its limit
     */
    public void requireSides(long width, long height) {
        if (width > side || height > side) {
            throw exceeded("a picture of " + width + "x" + height, "at most " + side + " per side");
        }
    }

    /**
     * Lets an encoded file of this size through.
     *
     * @throws GlintException ({@code LIMIT}) if it exceeds its limit
     */
    public void requireEncoded(long bytes) {
        if (bytes > encodedBytes) {
            throw exceeded("an encoded picture of more bytes", "at most " + encodedBytes);
        }
    }

    /** The failure of a picture that exceeds a limit. */
    public static GlintException exceeded(String found, String limit) {
        return GlintException.failure(Reason.LIMIT, found, limit, "use a smaller picture or raise the limit");
    }
}
