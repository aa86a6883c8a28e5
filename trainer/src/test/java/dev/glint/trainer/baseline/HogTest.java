package dev.glint.trainer.baseline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.glint.runtime.image.Image;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class HogTest {
    private static final Hog HOG = new Hog(9, 8, 2, false);

    /** The values are those of scikit-image; {@code src/test/scripts/record-hog.py} makes them again. */
    @Test
    void equalsScikitImage() throws IOException {
        List<String> lines;
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(HogTest.class.getResourceAsStream("hog.tsv"), StandardCharsets.UTF_8))) {
            lines = reader.lines().filter(line -> !line.startsWith("#")).collect(Collectors.toList());
        }
        assertEquals(5, lines.size());
        for (String line : lines) {
            String[] fields = line.split("\t");
            int[] header =
                    Arrays.stream(fields, 0, 5).mapToInt(Integer::parseInt).toArray();
            double[] expected = Arrays.stream(fields)
                    .skip(5)
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            Hog hog = new Hog(9, 8, 2, header[3] == 1);
            double[] actual = hog.describe(noise(header[4], header[0], header[1], header[2]));
            assertArrayEquals(expected, actual, 1e-12, line.substring(0, 16));
        }
    }

    private static Image noise(long seed, int width, int height, int channels) {
        byte[] samples = new byte[width * height * channels];
        long state = seed;
        for (int i = 0; i < samples.length; i++) {
            state = state * 6364136223846793005L + 1442695040888963407L;
            samples[i] = (byte) (state >>> 56);
        }
        return new Image(width, height, channels == 1 ? Image.Mode.GRAY : Image.Mode.RGB, samples);
    }

    /** A rise to the right has gradients of 0 degrees: of each cell's nine bins only the first one is filled. */
    @Test
    void aRampVotesForOneBin() {
        byte[] samples = new byte[16 * 16];
        IntStream.range(0, 256).forEach(i -> samples[i] = (byte) (10 * (i % 16)));
        double[] described = HOG.describe(new Image(16, 16, Image.Mode.GRAY, samples));
        assertEquals(36, described.length);
        for (int i = 0; i < described.length; i++) {
            assertEquals(i % 9 == 0 ? 0.5 : 0, described[i], 1e-9, "value " + i);
        }
    }

    @Test
    void aFlatPictureHasNoDirection() {
        double[] described = HOG.describe(new Image(32, 32, Image.Mode.RGB, new byte[32 * 32 * 3]));
        assertArrayEquals(new double[324], described);
    }

    @Test
    void aPictureSmallerThanABlockIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> HOG.length(15, 32));
    }
}
