package dev.glint.runtime.engine.glint;

/** A convolution of bytes with its weights packed. Safe for use by several threads, each with arrays of its own. */
public interface QuantizedConvolution extends AutoCloseable {
    /** Bytes that a run needs to work in. */
    int workspaceBytes();

    /**
     * Convolves one picture. Allocates nothing.
     *
     * @param input unsigned bytes, (H, W, C) from the first element on; the array may be longer
     * @param output likewise, another array
     * @param workspace at least {@link #workspaceBytes()} elements; what is in it before and after is of no matter
     */
    void run(byte[] input, byte[] output, byte[] workspace);

    /** Frees what lies outside the heap. */
    @Override
    void close();
}
