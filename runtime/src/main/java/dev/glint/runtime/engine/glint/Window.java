package dev.glint.runtime.engine.glint;

/**
 * What a convolution or a pooling looks at for one output pixel: for output row {@code y} and row {@code k} of the window it is
 * the input row {@code y * strideHeight - paddingTop + k * dilationHeight}, and so for columns. What lies outside of the input
 * counts as zero (its zero point, in bytes) for a convolution, and not at all for a pooling.
 *
 * @param height rows of the window, at least 1
 * @param width columns of the window, at least 1
 * @param strideHeight input rows from one output row to the next, at least 1
 * @param strideWidth input columns from one output column to the next, at least 1
 * @param paddingTop rows before the first, at least 0; those behind the last follow from the size of the output
 * @param paddingLeft columns before the first, at least 0
 * @param dilationHeight input rows from one row of the window to the next, at least 1
 * @param dilationWidth input columns from one column of the window to the next, at least 1
 */
public record Window(
        int height,
        int width,
        int strideHeight,
        int strideWidth,
        int paddingTop,
        int paddingLeft,
        int dilationHeight,
        int dilationWidth) {
    /** More than any network has, and few enough that no position overflows. */
    static final int MAX_EXTENT = 1 << 15;

    /** One pixel, each in turn. */
    public static final Window PIXEL = new Window(1, 1, 1, 1, 0, 0, 1, 1);

    public Window {
        requireExtent(height, 1);
        requireExtent(width, 1);
        requireExtent(strideHeight, 1);
        requireExtent(strideWidth, 1);
        requireExtent(paddingTop, 0);
        requireExtent(paddingLeft, 0);
        requireExtent(dilationHeight, 1);
        requireExtent(dilationWidth, 1);
    }

    private static void requireExtent(int extent, int least) {
        if (extent < least || extent > MAX_EXTENT) {
            throw new IllegalArgumentException("an extent of " + extent + " in a window");
        }
    }

    /** How many pixels it looks at. */
    public int size() {
        return height * width;
    }
}
