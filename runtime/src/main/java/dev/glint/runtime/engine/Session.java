package dev.glint.runtime.engine;

import dev.glint.runtime.failure.GlintException;

/** A model made ready to run by an {@link Engine}. Safe for use by several threads, each with a {@link Binding} of its own. */
public interface Session extends AutoCloseable {

    /**
     * Buffers for one thread, to be closed by the caller before the session.
     *
     * @param batch pictures at a time, 1 or what the {@link Signature} allows
     * @throws GlintException ({@code MODEL}) if the engine cannot
     */
    Binding bind(int batch);

    /** Frees the model. */
    @Override
    void close();
}
