package dev.glint.trainer.data;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes may still be kept in memory. Safe for use by several threads. */
final class MemoryBudget {
    private final AtomicLong remaining;

    MemoryBudget(long bytes) {
        this.remaining = new AtomicLong(bytes);
    }

    /** A third of what the heap may become. */
    static MemoryBudget ofHeap() {
        return new MemoryBudget(Runtime.getRuntime().maxMemory() / 3);
    }

    /** Takes so many bytes, if they are there. */
    boolean take(long bytes) {
        return remaining.getAndUpdate(left -> left >= bytes ? left - bytes : left) >= bytes;
    }

    /** Gives back what was taken. */
    void give(long bytes) {
        remaining.addAndGet(bytes);
    }
}
