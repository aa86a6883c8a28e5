package dev.glint.runtime.engine.glint;

/** A convolution of floats with its weights packed. Safe for use by several threads, each with arrays of its own. */
public interface FloatConvolution extends AutoCloseable {
    /** Floats that a run needs to work in. */
    int workspaceFloats();

    /**
     * Convolves one picture. Allocates nothing.
     *
     * @param input (H, W, C) from the first element on; the array may be longer
     * @param output likewise, another array
     * @param workspace at least {@link #workspaceFloats()} elements; what is in it before and after is of no matter
     */
    void run(float[] input, float[] output, float[] workspace);

    /** Frees what lies outside the heap. */
    @Override
    void close();
}
