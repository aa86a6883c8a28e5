package dev.glint.classify.serve;

import java.time.Duration;

/** How many requests are being answered, and the end of it. Safe for use by several threads. */
final class OpenRequests {
    private int count;
    private boolean stopping;

    /** One begins. */
    synchronized void begin() {
        count++;
    }

    /** One ends. */
    synchronized void end() {
        count--;
        notifyAll();
    }

    /** Whether no more pictures are taken. */
    synchronized boolean stopping() {
        return stopping;
    }

    /**
     * Takes no more pictures, and waits for the requests that have begun.
     *
     * @return whether the last of them has ended in time
     */
    synchronized boolean stop(Duration patience) throws InterruptedException {
        stopping = true;
        long end = System.nanoTime() + patience.toNanos();
        while (count > 0) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }
}
