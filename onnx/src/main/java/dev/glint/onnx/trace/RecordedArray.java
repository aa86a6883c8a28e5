package dev.glint.onnx.trace;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind a recording {@link NDArray}: the array that the engine computed and, if it depends on the block's
 * input, the name of the value in the graph. One without a value is a constant.
 */
final class RecordedArray {
    /** Memory that arrays share: one and its views. */
    private static final class Memory {
        private final boolean ofBlock;
        private int changes;

        Memory(boolean ofBlock) {
            this.ofBlock = ofBlock;
        }
    }

    private final NDArray real;
    private final @Nullable String parameter;
    private @Nullable String value;
    private Memory memory;
    private int changesSeen;

    private RecordedArray(NDArray real, @Nullable String parameter, @Nullable String value, boolean ofBlock) {
        this.real = real;
        this.parameter = parameter;
        this.value = value;
        this.memory = new Memory(ofBlock);
    }

    static RecordedArray traced(NDArray real, String value) {
        return new RecordedArray(real, null, value, false);
    }

    /** One that the engine made while the block ran. */
    static RecordedArray constant(NDArray real) {
        return new RecordedArray(real, null, null, false);
    }

    /** One that the block had before it ran. */
    static RecordedArray held(NDArray real) {
        return new RecordedArray(real, null, null, true);
    }

    static RecordedArray parameter(NDArray real, String name) {
        return new RecordedArray(real, name, null, true);
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

    /** Whether it is memory of the block's own, which outlives the trace. */
    boolean isOfBlock() {
        return memory.ofBlock;
    }

    /** Notes that this array may be a view of another's memory. */
    void share(RecordedArray other) {
        memory = other.memory;
        changesSeen = other.changesSeen;
    }

    /** Notes that its memory was changed through it; its views and what it is a view of do not know their values now. */
    void change(String newValue) {
        value = newValue;
        changesSeen = ++memory.changes;
    }

    /** Whether its memory was changed in place through another array. */
    boolean isStale() {
        return isTraced() && changesSeen != memory.changes;
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
