package dev.glint.classify.serve;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Cuts off the thread that made it where it still reads from a client when its time is over: whatever is to be said then
 * is said by another thread, and the interrupt closes the connection below the one that reads.
 */
final class Deadline implements AutoCloseable {
    private final Thread reader = Thread.currentThread();
    private final Runnable lastWords;
    private final Future<?> alarm;
    private boolean closed;
    private boolean expired;

    /**
     * Begins.
     *
     * @param clock tells when the time is over
     * @param lastWords what is done then, by a thread of its own: it may have to wait for the client
     */
    Deadline(ScheduledExecutorService clock, Duration timeout, Runnable lastWords) {
        this.lastWords = lastWords;
        this.alarm = clock.schedule(
                () -> new Thread(this::expire, "classify-deadline").start(), timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void expire() {
        if (!closed) {
            expired = true;
            try {
                lastWords.run();
            } finally {
                reader.interrupt();
            }
        }
    }

    /** Ends it; the thread that made it goes on as if it had not been interrupted. */
    @Override
    public synchronized void close() {
        closed = true;
        alarm.cancel(false);
        if (expired) {
            Thread.interrupted();
        }
    }

    /** Whether the time was over before it was closed. */
    synchronized boolean expired() {
        return expired;
    }
}
