package dev.glint.runtime.engine.glint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which activations share an array. */
class MemoryLayoutTest {
    private static final Encoding BYTES = new Encoding(1, 0);

    @Test
    void whatIsNotReadAnyMoreMakesRoom() {
        MemoryLayout layout = MemoryLayout.assign(List.of(floats(8, 0, 1), floats(4, 1, 2), floats(8, 2, 3)));

        assertArrayEquals(new int[] {8, 4}, layout.floatSlots());
        assertEquals(0, layout.byteSlots().length);
    }

    /** A step reads its input while it fills its output. */
    @Test
    void theInputOfAStepIsNotItsOutput() {
        assertArrayEquals(
                new int[] {4, 4},
                MemoryLayout.assign(List.of(floats(4, 0, 1), floats(4, 1, 2))).floatSlots());
    }

    @Test
    void bytesAndFloatsHaveArraysOfTheirOwn() {
        MemoryLayout layout = MemoryLayout.assign(List.of(floats(4, 0, 0), bytes(6, 1, 1), floats(2, 2, 2)));

        assertArrayEquals(new int[] {4}, layout.floatSlots());
        assertArrayEquals(new int[] {6}, layout.byteSlots());
    }

    @Test
    void theSmallestThatIsLargeEnoughIsTaken() {
        for (List<Storage> free : List.of(
                List.of(floats(20, 0, 1), floats(9, 0, 1), floats(4, 0, 1)),
                List.of(floats(4, 0, 1), floats(9, 0, 1), floats(20, 0, 1)),
                List.of(floats(9, 0, 1), floats(4, 0, 1), floats(20, 0, 1)))) {
            Storage next = floats(9, 2, 3);
            MemoryLayout layout =
                    MemoryLayout.assign(List.of(free.get(0), free.get(1), free.get(2), next, floats(20, 2, 3)));

            assertEquals(33, sum(layout.floatSlots()), free.toString());
        }
    }

    @Test
    void orTheLargestWhichGrowsLeast() {
        for (List<Storage> free : List.of(
                List.of(floats(3, 0, 1), floats(9, 0, 1), floats(4, 0, 1)),
                List.of(floats(9, 0, 1), floats(4, 0, 1), floats(3, 0, 1)))) {
            MemoryLayout layout = MemoryLayout.assign(List.of(free.get(0), free.get(1), free.get(2), floats(10, 2, 3)));

            assertEquals(17, sum(layout.floatSlots()));
        }
    }

    /** 1 GiB for a thread: four bytes for a float. */
    @Test
    void aThreadHasAGigabyteAtMost() {
        Storage most = floats(1 << 26, 0, 9);
        List<Storage> fitting = List.of(most, floats(1 << 26, 1, 9), floats(1 << 26, 2, 9), floats(1 << 26, 3, 9));
        assertEquals(4, MemoryLayout.assign(fitting).floatSlots().length);

        Exception e = assertThrows(
                UnsupportedGraph.class,
                () -> MemoryLayout.assign(
                        List.of(fitting.get(0), fitting.get(1), fitting.get(2), fitting.get(3), bytes(1, 4, 9))));
        assertEquals("1073741825 bytes of activations", e.getMessage());
    }

    private static int sum(int[] sizes) {
        return Arrays.stream(sizes).sum();
    }

    private static Storage floats(int size, int filled, int read) {
        return storage(new Storage(new FeatureMap(1, 1, size), null), filled, read);
    }

    private static Storage bytes(int size, int filled, int read) {
        return storage(new Storage(new FeatureMap(1, 1, size), BYTES), filled, read);
    }

    private static Storage storage(Storage storage, int filled, int read) {
        storage.filledAt(filled);
        storage.readAt(read);
        return storage;
    }
}
