package dev.glint.runtime.engine.glint;

/**
 * The sizes of a pooling.
 *
 * @param input what it takes
 * @param output what it gives, as many channels
 * @param window what it looks at; where that is nothing of the input, the result is the smallest value there is
 */
public record PoolingShape(FeatureMap input, FeatureMap output, Window window) {
    public PoolingShape {
        if (input.channels() != output.channels()) {
            throw new IllegalArgumentException(input + " pooled to " + output);
        }
    }
}
