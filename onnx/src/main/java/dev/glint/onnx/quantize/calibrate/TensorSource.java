package dev.glint.onnx.quantize.calibrate;

import java.nio.FloatBuffer;

/** Pictures as a model takes them. */
public interface TensorSource {
    /** How many there are. */
    int size();

    /** The dimensions of each: C, H, W. */
    long[] shape();

    /**
     * Writes the elements of one from the buffer's position on, which may move. Called by several threads at once.
     *
     * @param index 0 to {@link #size()} - 1
     */
    void put(int index, FloatBuffer target);
}
