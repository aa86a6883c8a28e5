package dev.glint.runtime.engine.glint;

import org.jspecify.annotations.Nullable;

/**
 * The size of one picture's activations, (H, W, C): the channels of a pixel lie side by side, then the pixels of a row, then the
 * rows.
 *
 * @param height rows, at least 1
 * @param width pixels of a row, at least 1
 * @param channels values of a pixel, at least 1
 */
public record FeatureMap(int height, int width, int channels) {
    /** Values that one activation may have: 256 MiB of floats. */
    static final int MAX_SIZE = 1 << 26;

    public FeatureMap {
        if (height < 1
                || width < 1
                || channels < 1
                || height > MAX_SIZE
                || width > MAX_SIZE
                || (long) height * width > MAX_SIZE / channels) {
            throw new IllegalArgumentException("activations of " + height + " x " + width + " x " + channels);
        }
    }

    /** By hand, for a start: what the compiler makes of a record runs through method handles, which a native image interprets. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FeatureMap that
                && height == that.height
                && width == that.width
                && channels == that.channels;
    }

    @Override
    public int hashCode() {
        return (31 * height + width) * 31 + channels;
    }

    /** How many values there are. */
    public int size() {
        return height * width * channels;
    }

    /** How many pixels there are. */
    int pixels() {
        return height * width;
    }
}
