package dev.glint.runtime.image;

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

    /** With columns and rows exchanged. */
    public Size transposed() {
        return new Size(height, width);
    }
}
