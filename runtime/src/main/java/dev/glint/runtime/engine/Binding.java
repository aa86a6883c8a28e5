package dev.glint.runtime.engine;

import dev.glint.runtime.failure.GlintException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** The input and output of one thread, which every run uses again. */
public interface Binding extends AutoCloseable {

    /** The values of an input of 32-bit floats, in the signature's layout, to be filled from the first on. */
    FloatBuffer input();

    /**
     * The values of an input of 8-bit integers, in the signature's layout, to be filled from the first on.
     *
     * @throws UnsupportedOperationException of an engine that refuses models with such an input
     */
    default ByteBuffer byteInput() {
        throw new UnsupportedOperationException("an input of bytes");
    }

    /**
     * Computes the output from the input.
     *
     * @throws GlintException ({@code MODEL}) naming the file if it fails
     */
    void run();

    /** The (N, labels) values of the output, from the first on; the next run overwrites them. */
    FloatBuffer output();

    /** Frees the buffers. */
    @Override
    void close();
}
