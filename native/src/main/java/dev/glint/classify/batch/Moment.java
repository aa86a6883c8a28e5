package dev.glint.classify.batch;

/**
 * A point in time by two clocks: the first may be set, the second may stand still while the machine sleeps.
 *
 * @param millis of {@link System#currentTimeMillis}
 * @param nanos of {@link System#nanoTime}
 */
record Moment(long millis, long nanos) {
    static Moment now() {
        return new Moment(System.currentTimeMillis(), System.nanoTime());
    }

    long millisUntil(Moment later) {
        return (later.nanos - nanos) / 1_000_000;
    }

    /** A time before those of all files that changed since, even if the clock was set until a later moment. */
    long earliestMillis(Moment later) {
        return Math.min(millis, later.millis - millisUntil(later));
    }
}
