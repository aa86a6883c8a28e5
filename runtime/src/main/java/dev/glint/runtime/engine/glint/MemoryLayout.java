package dev.glint.runtime.engine.glint;

import java.util.ArrayList;
import java.util.List;

/**
 * Which arrays a plan needs: what is not read any more makes room for what is filled later.
 *
 * @param byteSlots elements of each array of bytes
 * @param floatSlots elements of each array of floats
 */
record MemoryLayout(int[] byteSlots, int[] floatSlots) {
    /** Bytes that the arrays of one thread may have. */
    private static final long MAX_BYTES = 1L << 30;

    /**
     * Gives each storage its array.
     *
     * @param storages in the order in which they are filled
     */
    static MemoryLayout assign(List<Storage> storages) {
        List<Slot> slots = new ArrayList<>();
        for (Storage storage : storages) {
            Slot best = null;
            for (Slot slot : slots) {
                boolean free = slot.bytes == storage.isBytes() && slot.freeAfter < storage.born();
                if (free && (best == null || slot.isBetter(best, storage.size()))) {
                    best = slot;
                }
            }
            if (best == null) {
                best = new Slot(storage.isBytes(), count(slots, storage.isBytes()));
                slots.add(best);
            }
            best.size = Math.max(best.size, storage.size());
            best.freeAfter = storage.lastUse();
            storage.assign(best.index);
        }
        long total = 0;
        for (Slot slot : slots) {
            total += slot.bytes ? slot.size : (long) Float.BYTES * slot.size;
        }
        if (total > MAX_BYTES) {
            throw new UnsupportedGraph(total + " bytes of activations");
        }
        return new MemoryLayout(sizes(slots, true), sizes(slots, false));
    }

    private static int count(List<Slot> slots, boolean bytes) {
        int count = 0;
        for (Slot slot : slots) {
            count += slot.bytes == bytes ? 1 : 0;
        }
        return count;
    }

    private static int[] sizes(List<Slot> slots, boolean bytes) {
        int[] sizes = new int[count(slots, bytes)];
        for (Slot slot : slots) {
            if (slot.bytes == bytes) {
                sizes[slot.index] = slot.size;
            }
        }
        return sizes;
    }

    /** An array in the making. */
    private static final class Slot {
        private final boolean bytes;
        private final int index;
        private int size;
        private int freeAfter;

        Slot(boolean bytes, int index) {
            this.bytes = bytes;
            this.index = index;
        }

        /** The smallest that is large enough; otherwise the largest, which has to grow least. */
        boolean isBetter(Slot other, int needed) {
            if (size >= needed) {
                return other.size < needed || size < other.size;
            }
            return other.size < needed && size > other.size;
        }
    }
}
