package dev.glint.runtime.frame;

import java.io.IOException;
import java.util.Optional;

/** Cuts a stream into frames. For one thread. */
@FunctionalInterface
public interface FrameReader {

    /**
     * Waits for the next frame; empty when the stream has ended.
     *
     * @throws dev.glint.runtime.failure.GlintException ({@code INPUT}, {@code LIMIT}) if a frame is broken; the next call
     *     goes on behind it
     * @throws IOException if the stream cannot be read
     */
    Optional<Frame> next() throws IOException;
}
