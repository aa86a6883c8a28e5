package dev.glint.classify.frames;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The newest frame of a stream: a thread takes them as they come, and gives up the one that waits, broken or not, when another
 * one is there.
 */
final class NewestArrival {
    private final Arrivals arrivals;
    private @Nullable Arrival waiting;
    private long dropped;
    private boolean ended;
    private @Nullable Throwable failure;

    /** Begins to read. */
    NewestArrival(Arrivals arrivals) {
        this.arrivals = arrivals;
        // A daemon: it may wait for a camera when the process ends.
        Thread thread = new Thread(this::read, "frames");
        thread.setDaemon(true);
        thread.start();
    }

    private void read() {
        try {
            Optional<Arrival> arrival;
            while ((arrival = arrivals.next()).isPresent()) {
                put(arrival.get());
            }
            end(null);
        } catch (IOException | RuntimeException | Error e) {
            end(e);
        }
    }

    private synchronized void put(Arrival arrival) {
        dropped += waiting == null ? 0 : 1;
        waiting = arrival;
        notifyAll();
    }

    private synchronized void end(@Nullable Throwable reason) {
        ended = true;
        failure = reason;
        notifyAll();
    }

    /** Waits for a frame that was not returned yet; empty when the stream has ended. */
    synchronized Optional<Arrival> next() throws IOException {
        while (waiting == null && !ended) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        if (waiting != null) {
            Arrival newest = waiting.withDropped(dropped);
            waiting = null;
            dropped = 0;
            return Optional.of(newest);
        }
        if (failure instanceof IOException io) {
            throw io;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException runtime) {
            throw runtime;
        }
        return Optional.empty();
    }
}
