package dev.glint.runtime.engine;

import dev.glint.runtime.failure.GlintException;
import java.nio.FloatBuffer;

/** The input and output of one thread, which every run uses again. */
public interface Binding extends AutoCloseable {

    /** The (N, C, H, W) values of the input, to be filled from the first on. */
    FloatBuffer input();

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
