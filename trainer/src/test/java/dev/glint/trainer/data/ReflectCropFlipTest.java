package dev.glint.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReflectCropFlipTest {
    private static final int WIDTH = 7;
    private static final int HEIGHT = 6;
    private final ReflectCropFlip augmentation = new ReflectCropFlip(WIDTH, HEIGHT, 3);
    private final byte[] picture = new byte[WIDTH * HEIGHT * 3];

    ReflectCropFlipTest() {
        new Random(3).nextBytes(picture);
    }

    /** What numpy.pad(range(n), 4, mode="reflect") gives for n = 7 and n = 6. */
    private static final int[] COLUMNS = {4, 3, 2, 1, 0, 1, 2, 3, 4, 5, 6, 5, 4, 3, 2};

    private static final int[] ROWS = {4, 3, 2, 1, 0, 1, 2, 3, 4, 5, 4, 3, 2, 1};

    @Test
    void cropsThePaddedPictureExactly() {
        for (int left = 0; left <= 8; left++) {
            for (int top = 0; top <= 8; top++) {
                assertArrayEquals(expected(left, top, false), applied(left, top, false), left + ", " + top);
                assertArrayEquals(expected(left, top, true), applied(left, top, true), left + ", " + top + " mirrored");
            }
        }
    }

    @Test
    void theMiddleIsThePictureItself() {
        assertArrayEquals(picture, applied(4, 4, false));
    }

    private byte[] applied(int left, int top, boolean mirrored) {
        byte[] to = new byte[picture.length];
        augmentation.apply(picture, to, left, top, mirrored);
        return to;
    }

    private byte[] expected(int left, int top, boolean mirrored) {
        byte[] padded = new byte[ROWS.length * COLUMNS.length * 3];
        for (int y = 0; y < ROWS.length; y++) {
            for (int x = 0; x < COLUMNS.length; x++) {
                System.arraycopy(picture, (ROWS[y] * WIDTH + COLUMNS[x]) * 3, padded, (y * COLUMNS.length + x) * 3, 3);
            }
        }
        byte[] cropped = new byte[picture.length];
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                int target = mirrored ? WIDTH - 1 - x : x;
                System.arraycopy(
                        padded, ((y + top) * COLUMNS.length + x + left) * 3, cropped, (y * WIDTH + target) * 3, 3);
            }
        }
        return cropped;
    }

    @Test
    void drawsEachPlaceAndDirectionEquallyOften() {
        // Large enough that no mirrored crop looks like one that is not.
        ReflectCropFlip large = new ReflectCropFlip(12, 11, 1);
        byte[] from = new byte[12 * 11];
        new Random(4).nextBytes(from);
        byte[] to = new byte[from.length];
        Map<Integer, Integer> places = new HashMap<>();
        for (int left = 0; left <= 8; left++) {
            for (int top = 0; top <= 8; top++) {
                large.apply(from, to, left, top, false);
                places.put(Arrays.hashCode(to), left * 9 + top);
                large.apply(from, to, left, top, true);
                places.put(Arrays.hashCode(to), 100 + left * 9 + top);
            }
        }
        assertEquals(162, places.size(), "the picture tells all cases apart");
        Map<Integer, Integer> counts = new HashMap<>();
        Random random = new Random(1);
        for (int i = 0; i < 162 * 200; i++) {
            large.apply(from, to, random);
            Integer place = places.get(Arrays.hashCode(to));
            assertTrue(place != null, "a picture that no crop gives");
            counts.merge(place, 1, Integer::sum);
        }
        assertEquals(162, counts.size());
        double chiSquare = counts.values().stream()
                .mapToDouble(count -> (count - 200.0) * (count - 200.0) / 200.0)
                .sum();
        // 161 degrees of freedom: mean 161, standard deviation 18.
        assertTrue(chiSquare < 161 + 4 * 18, "chi-square " + chiSquare);
    }

    @Test
    void refusesPicturesThatThePaddingCoversWhole() {
        assertThrows(IllegalArgumentException.class, () -> new ReflectCropFlip(4, 9, 1));
        assertThrows(IllegalArgumentException.class, () -> new ReflectCropFlip(9, 4, 1));
    }
}
