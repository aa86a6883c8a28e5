package dev.glint.exporter.trace;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind a recording {@link NDArray}: the array that the engine computed and, if it depends on the block's
 * input, the name of the value in the graph. One without a value is a constant.
 */
final class RecordedArray {
    private final NDArray real;
    private final @Nullable String parameter;
    private @Nullable String value;

    private RecordedArray(NDArray real, @Nullable String parameter, @Nullable String value) {
        this.real = real;
        this.parameter = parameter;
        this.value = value;
    }

    static RecordedArray traced(NDArray real, String value) {
        return new RecordedArray(real, null, value);
    }

    static RecordedArray constant(NDArray real) {
        return new RecordedArray(real, null, null);
    }

    static RecordedArray parameter(NDArray real, String name) {
        return new RecordedArray(real, name, null);
    }

    NDArray real() {
        return real;
    }

    /** The parameter that it is, if it is one. */
    @Nullable String parameter() {
        return parameter;
    }

    /** The graph's name for it; null for a constant. */
    @Nullable String value() {
        return value;
    }

    void bind(String newValue) {
        value = newValue;
    }

    boolean isTraced() {
        return value != null;
    }

    /** The dimensions. */
    long[] shape() {
        return real.getShape().getShape();
    }

    /** The number of dimensions. */
    int rank() {
        return shape().length;
    }

    @Override
    public String toString() {
        return (value != null ? value : parameter != null ? parameter : "constant") + real.getShape();
    }
}
