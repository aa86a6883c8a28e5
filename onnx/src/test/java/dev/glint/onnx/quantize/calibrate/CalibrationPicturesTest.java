package dev.glint.onnx.quantize.calibrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.image.Image;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CalibrationPicturesTest {
    private static final IntFunction<Image> NONE = index -> {
        throw new AssertionError("no picture is looked at");
    };

    @Test
    void sampleIsDistinctSortedAndDecidedByTheSeed() {
        int[] one = sample(10_000, 500, 1);
        assertEquals(500, Arrays.stream(one).distinct().count());
        assertArrayEquals(Arrays.stream(one).sorted().toArray(), one);
        assertTrue(one[0] >= 0 && one[499] < 10_000);
        assertArrayEquals(one, sample(10_000, 500, 1));
        assertFalse(Arrays.equals(one, sample(10_000, 500, 2)));
    }

    @Test
    void everyPictureIsAsLikely() {
        int[] hits = new int[20];
        for (int seed = 0; seed < 4_000; seed++) {
            Arrays.stream(sample(20, 5, seed)).forEach(i -> hits[i]++);
        }
        // 1,000 expected of each; the standard deviation is 27.
        assertTrue(Arrays.stream(hits).allMatch(n -> n > 850 && n < 1150), () -> Arrays.toString(hits));
    }

    @Test
    void fewPicturesAreAllUsed() {
        assertArrayEquals(IntStream.range(0, 7).toArray(), sample(7, 500, 1));
        assertThrows(IllegalArgumentException.class, () -> sample(0, 500, 1));
    }

    @Test
    void someAreHeldOutThatNoRangeDependsOn() {
        assertHeldOut(500, 400, 10_000, 500);
        assertHeldOut(400, 100, 500, 500);
        assertHeldOut(410, 100, 510, 500);
        assertHeldOut(500, 150, 650, 500);
        assertHeldOut(32, 8, 40, 500);
        assertHeldOut(39, 0, 39, 500);
        assertHeldOut(10, 2, 12, 10);
    }

    private static void assertHeldOut(int chosen, int heldOut, int size, int samples) {
        CalibrationPictures pictures = CalibrationPictures.sample("test", size, samples, 1, NONE);
        assertEquals(chosen, pictures.indices().length);
        assertEquals(heldOut, pictures.heldOut().length);
        assertEquals(
                chosen + heldOut,
                IntStream.concat(Arrays.stream(pictures.indices()), Arrays.stream(pictures.heldOut()))
                        .distinct()
                        .count());
    }

    private static int[] sample(int size, int samples, long seed) {
        return CalibrationPictures.sample("test", size, samples, seed, NONE).indices();
    }
}
