package dev.glint.trainer.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.testing.SyntheticPictures;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReflectCropTest {
    private static final int WIDTH = 7;
    private static final int HEIGHT = 6;

    /** What numpy.pad(range(n), 4, mode="reflect") gives for n = 7 and n = 6. */
    private static final int[] COLUMNS = {4, 3, 2, 1, 0, 1, 2, 3, 4, 5, 6, 5, 4, 3, 2};

    private static final int[] ROWS = {4, 3, 2, 1, 0, 1, 2, 3, 4, 5, 4, 3, 2, 1};

    @ParameterizedTest
    @EnumSource(
            value = Image.Mode.class,
            names = {"GRAY", "RGB"})
    void cropsThePaddedPictureExactly(Image.Mode mode) {
        Image picture = SyntheticPictures.noise(WIDTH, HEIGHT, mode);
        for (int left = -4; left <= 4; left++) {
            for (int top = -4; top <= 4; top++) {
                byte[] cropped = ReflectCrop.crop(picture, left, top).samples();
                assertArrayEquals(expected(picture, left + 4, top + 4), cropped, left + ", " + top);
            }
        }
    }

    private static byte[] expected(Image picture, int left, int top) {
        int channels = picture.mode().channels();
        byte[] cropped = new byte[picture.samples().length];
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                for (int c = 0; c < channels; c++) {
                    cropped[(y * WIDTH + x) * channels + c] =
                            (byte) picture.sample(COLUMNS[x + left], ROWS[y + top], c);
                }
            }
        }
        return cropped;
    }

    @Test
    void drawsEachPlaceEquallyOften() {
        Image picture = SyntheticPictures.noise(12, 11, Image.Mode.GRAY);
        Map<Integer, Integer> counts = new HashMap<>();
        for (int left = -4; left <= 4; left++) {
            for (int top = -4; top <= 4; top++) {
                counts.put(Arrays.hashCode(ReflectCrop.crop(picture, left, top).samples()), 0);
            }
        }
        assertEquals(81, counts.size(), "the picture tells all cases apart");
        ReflectCrop crop = new ReflectCrop(4);
        for (int i = 0; i < 81 * 200; i++) {
            int hash = Arrays.hashCode(crop.apply(picture, Pictures.draw(i)).samples());
            assertTrue(counts.containsKey(hash), "a picture that no crop gives");
            counts.merge(hash, 1, Integer::sum);
        }
        double chiSquare = counts.values().stream()
                .mapToDouble(count -> (count - 200.0) * (count - 200.0) / 200.0)
                .sum();
        // 80 degrees of freedom: mean 80, standard deviation 12.6.
        assertTrue(chiSquare < 80 + 4 * 12.6, "chi-square " + chiSquare);
    }

    @Test
    void refusesPicturesThatThePaddingCoversWhole() {
        ReflectCrop crop = new ReflectCrop(4);
        Image flat = SyntheticPictures.noise(9, 4, Image.Mode.GRAY);
        GlintException failure = assertThrows(GlintException.class, () -> crop.apply(flat, Pictures.draw(1)));
        assertTrue(failure.getMessage().contains("pictures of 9x4"), failure.getMessage());
    }
}
