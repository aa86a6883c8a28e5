package dev.glint.classify.frames;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.frame.Frame;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A frame that has come, or why it is broken.
 *
 * @param index its place in the stream, from 0 on; every frame counts
 * @param time when its last byte was there
 * @param nanos the same by {@link System#nanoTime}
 * @param dropped how many came since the one before and were given up for newer ones
 */
record Arrival(
        long index,
        Instant time,
        long nanos,
        long dropped,
        @Nullable Frame frame,
        @Nullable GlintException failure) {

    Arrival withDropped(long count) {
        return new Arrival(index, time, nanos, count, frame, failure);
    }
}
