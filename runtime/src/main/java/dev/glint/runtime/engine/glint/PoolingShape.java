package dev.glint.runtime.engine.glint;

/**
 * The sizes of a pooling.
 *
 * @param input what it takes
 * @param output what it gives, as many channels
 * @param window what it looks at; at least one pixel of the input each time
 */
public record PoolingShape(FeatureMap input, FeatureMap output, Window window) {
    public PoolingShape {
        if (input.channels() != output.channels()) {
            throw new IllegalArgumentException(input + " pooled to " + output);
        }
        requireInside(input.height(), output.height(), window.height(), window.strideHeight(), window.paddingTop(), window.dilationHeight());
        requireInside(input.width(), output.width(), window.width(), window.strideWidth(), window.paddingLeft(), window.dilationWidth());
    }

    /** The first window and the last one see something of the input. */
    private static void requireInside(int input, int output, int size, int stride, int padding, int dilation) {
        long last = (long) (output - 1) * stride - padding;
        boolean first = size > (padding + dilation - 1) / dilation;
        if (!first || last >= input) {
            throw new IllegalArgumentException("a pooling that sees nothing of its input");
        }
    }
}
