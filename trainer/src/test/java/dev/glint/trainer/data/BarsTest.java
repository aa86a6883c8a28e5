package dev.glint.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.image.Image;
import dev.glint.trainer.model.NaturalInput;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BarsTest {
    private final DataSpec spec = DataSpec.parse("bars");
    private final DataSplit split = spec.open(7);

    @Test
    void hasTheSizesAndLabels() {
        assertEquals(List.of("horizontal", "vertical"), split.labels());
        assertEquals(2_000, split.train().size());
        assertEquals(400, split.heldOut().size());
    }

    @Test
    void oneLineIsRaisedByOneAndTheRestIsNoise() {
        int[] lines = new int[12];
        double noise = 0;
        double bars = 0;
        for (int i = 0; i < split.train().size(); i++) {
            double[][] v = values(split.train().picture(i));
            boolean row = split.train().label(i) == 0;
            int line = brightest(v, row);
            lines[line]++;
            for (int y = 0; y < 12; y++) {
                for (int x = 0; x < 12; x++) {
                    if ((row ? y : x) == line) {
                        bars += v[y][x];
                    } else {
                        noise += v[y][x] * v[y][x];
                    }
                }
            }
        }
        assertEquals(1.0, bars / (2_000 * 12), 0.005);
        // The rounding to 8 bit adds (1 / 127.5)^2 / 12 to the variance.
        assertEquals(0.1, Math.sqrt(noise / (2_000 * 132)), 0.001);
        for (int count : lines) {
            assertEquals(2_000 / 12.0, count, 60, "each line is as likely as any other: " + Arrays.toString(lines));
        }
    }

    private static int brightest(double[][] v, boolean row) {
        int best = 0;
        double most = -100;
        for (int line = 0; line < 12; line++) {
            double sum = 0;
            for (int i = 0; i < 12; i++) {
                sum += row ? v[line][i] : v[i][line];
            }
            if (sum > most) {
                most = sum;
                best = line;
            }
        }
        assertTrue(most > 12 - 2.5, "a line of sum " + most);
        return best;
    }

    /** The values before they became bytes, up to the rounding. */
    private static double[][] values(Image image) {
        assertEquals(Image.Mode.GRAY, image.mode());
        double[][] v = new double[12][12];
        for (int y = 0; y < 12; y++) {
            for (int x = 0; x < 12; x++) {
                v[y][x] = image.sample(x, y, 0) / 127.5 - 0.5;
            }
        }
        return v;
    }

    @Test
    void theContractMapsTheBytesBack() {
        PreprocessContract contract = spec.contract(NaturalInput.BARS, split.labels());
        Image image = split.heldOut().picture(3);
        FloatBuffer tensor = FloatBuffer.allocate(144);
        new Preprocessor(contract).preprocess(image, tensor);
        double[][] expected = values(image);
        for (int i = 0; i < 144; i++) {
            assertEquals(expected[i / 12][i % 12], tensor.get(i), 1e-6);
        }
    }

    @Test
    void aValueBecomesTheNearestByteAndIsClamped() {
        assertEquals(0, Bars.quantize(-0.5));
        assertEquals(64, Bars.quantize(0.0));
        assertEquals((byte) 191, Bars.quantize(1.0));
        assertEquals((byte) 255, Bars.quantize(1.5));
        assertEquals((byte) 255, Bars.quantize(9));
        assertEquals(0, Bars.quantize(-9));
    }

    @Test
    void bothClassesAreEquallyFrequentInEveryBeginning() {
        PictureSet beginning = split.train().first(100);
        int vertical = 0;
        for (int i = 0; i < beginning.size(); i++) {
            vertical += beginning.label(i);
        }
        assertEquals(50, vertical);
    }

    @Test
    void theSeedDecidesThePicturesAndThePartsDiffer() {
        DataSplit same = spec.open(7);
        assertArrayEquals(
                split.train().picture(1999).samples(),
                same.train().picture(1999).samples());
        assertFalse(Arrays.equals(
                split.train().picture(0).samples(),
                spec.open(8).train().picture(0).samples()));
        assertFalse(Arrays.equals(
                split.train().picture(0).samples(), split.heldOut().picture(0).samples()));
    }
}
