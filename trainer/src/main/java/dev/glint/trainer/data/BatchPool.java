package dev.glint.trainer.data;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Batches that a later epoch fills again: their memory lies outside the heap, where it would stay until the collector
 * happens to run. Safe for use by several threads.
 */
public final class BatchPool {
    /** One that the model works on, one that waits, one that is filled. */
    static final int BATCHES = 3;

    private final Deque<Batch> free = new ArrayDeque<>();

    /** A batch with room for so many pictures: one that was given back, if it is large enough, else a new one. */
    synchronized Batch take(int capacity, int tensorSize) {
        Batch batch = free.poll();
        return batch != null && batch.holds(capacity, tensorSize) ? batch : new Batch(capacity, tensorSize);
    }

    /** Takes back a batch that nobody uses any more. */
    synchronized void give(Batch batch) {
        if (free.size() < BATCHES) {
            free.push(batch);
        }
    }
}
