package dev.glint.runtime.decode.jpeg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InverseDctTest {
    private static final short[] ONES = new short[64];

    static {
        Arrays.fill(ONES, (short) 1);
    }

    private final InverseDct dct = new InverseDct();

    /** The shortcut for a block of nothing but its average is the transform, for whatever a file may claim. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void flatBlocksAreTransformedAlike(int size) {
        BlockTransform dct = BlockTransform.toSize(size);
        short[] block = new short[64];
        byte[] expected = new byte[64];
        byte[] found = new byte[64];
        for (short divisor : new short[] {1, 2, 3, 16, 99, 255, 300, -1}) {
            short[] divisors = ONES.clone();
            divisors[0] = divisor;
            for (int dc = Short.MIN_VALUE; dc <= Short.MAX_VALUE; dc += 3) {
                block[0] = (short) dc;
                dct.transform(block, 0, divisors, expected, 0, 8);
                dct.transformFlat((short) dc, divisor, found, 0, 8);
                assertArrayEquals(expected, found);
            }
        }
    }

    /** IEEE 1180-1990 asks for a peak error of 1 and a mean square error below 0.02. */
    @Test
    void accurateAsIeee1180Asks() {
        Random random = new Random(1);
        double squares = 0;
        int blocks = 2000;
        for (int i = 0; i < blocks; i++) {
            short[] block = new short[64];
            for (int k = 0; k < 64; k++) {
                block[k] = (short) (random.nextInt(601) - 300 >> k / 16);
            }
            byte[] samples = new byte[64];
            dct.transform(block, 0, ONES, samples, 0, 8);
            double[] exact = exact(block);
            for (int k = 0; k < 64; k++) {
                double limited = Math.max(0, Math.min(255, exact[k] + 128));
                double error = (samples[k] & 0xff) - Math.rint(limited);
                assertTrue(Math.abs(error) <= 1, "error " + error);
                squares += error * error;
            }
        }
        assertTrue(squares / (64 * blocks) < 0.02, "mean square error " + squares / (64 * blocks));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void writesOnlyItsBlock(int size) {
        short[] coefficients = new short[128];
        coefficients[64] = 80;
        coefficients[65] = 40;
        byte[] samples = new byte[20 * 10];
        Arrays.fill(samples, (byte) 7);
        BlockTransform.toSize(size).transform(coefficients, 64, ONES, samples, 20 + 5, 20);
        for (int i = 0; i < samples.length; i++) {
            int x = i % 20;
            int y = i / 20;
            boolean inside = x >= 5 && x < 5 + size && y >= 1 && y < 1 + size;
            assertEquals(!inside, samples[i] == 7, x + "," + y);
        }
    }

    private static double[] exact(short[] block) {
        double[] samples = new double[64];
        for (int y = 0; y < 8; y++) {
            for (int x = 0; x < 8; x++) {
                double sum = 0;
                for (int v = 0; v < 8; v++) {
                    for (int u = 0; u < 8; u++) {
                        double scale = (u == 0 ? Math.sqrt(0.5) : 1) * (v == 0 ? Math.sqrt(0.5) : 1) / 4;
                        sum += scale
                                * block[8 * v + u]
                                * Math.cos((2 * x + 1) * u * Math.PI / 16)
                                * Math.cos((2 * y + 1) * v * Math.PI / 16);
                    }
                }
                samples[8 * y + x] = sum;
            }
        }
        return samples;
    }
}
