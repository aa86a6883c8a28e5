package dev.glint.classify.frames;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.frame.Frame;
import dev.glint.runtime.frame.FrameReader;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** Every frame of a stream, or each n-th: whoever sends them waits until they are taken. */
final class Arrivals {
    private final FrameReader reader;
    private final int every;
    private long next;

    Arrivals(FrameReader reader, int every) {
        this.reader = reader;
        this.every = every;
    }

    /** Waits for the next frame; empty when the stream has ended. */
    Optional<Arrival> next() throws IOException {
        while (true) {
            Frame frame = null;
            GlintException failure = null;
            try {
                Optional<Frame> found = reader.next();
                if (found.isEmpty()) {
                    return Optional.empty();
                }
                frame = found.get();
            } catch (GlintException e) {
                failure = e;
            }
            long index = next++;
            if (failure != null || index % every == 0) {
                return Optional.of(new Arrival(index, Instant.now(), System.nanoTime(), 0, frame, failure));
            }
        }
    }
}
