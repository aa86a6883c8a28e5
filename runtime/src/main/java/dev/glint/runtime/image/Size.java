package dev.glint.runtime.image;

import org.jspecify.annotations.Nullable;

/**
 * Columns and rows of a picture.
 *
 * @param width columns, at least 1
 * @param height rows, at least 1
 */
public record Size(int width, int height) {
    public Size {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("a size of " + width + "x" + height);
        }
    }

    /** By hand, for a start: what the compiler makes of a record runs through method handles, which a native image interprets. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Size that && width == that.width && height == that.height;
    }

    @Override
    public int hashCode() {
        return 31 * width + height;
    }

    /**
     * The largest size with these proportions that a frame holds, as Pillow's {@code ImageOps.contain} has it: computed in
     * floating point and rounded half to even, so that no size is off by one; a side that would round to 0 becomes 1.
     */
    public Size containedIn(int frameWidth, int frameHeight) {
        double ratio = (double) width / height;
        double frame = (double) frameWidth / frameHeight;
        if (ratio > frame) {
            return new Size(frameWidth, Math.max(1, (int) Math.rint((double) height / width * frameWidth)));
        }
        return new Size(ratio < frame ? Math.max(1, (int) Math.rint(ratio * frameHeight)) : frameWidth, frameHeight);
    }

    /** With columns and rows exchanged. */
    public Size transposed() {
        return new Size(height, width);
    }
}
