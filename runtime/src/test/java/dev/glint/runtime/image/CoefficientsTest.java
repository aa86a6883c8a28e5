package dev.glint.runtime.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The weights themselves, worked out by hand from the definition of each filter. */
class CoefficientsTest {
    private static final int ONE = 1 << Coefficients.PRECISION_BITS;

    /** Each row is the target pixel, the first source pixel and the weights from there on. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BOX      | 6 | 3  | 1 | 2 | 0.5 0.5",
                "BOX      | 3 | 2  | 0 | 0 | 0.5 0.5",
                "BOX      | 3 | 2  | 1 | 2 | 1",
                "BOX      | 2 | 4  | 2 | 1 | 1",
                "BILINEAR | 2 | 4  | 0 | 0 | 1",
                "BILINEAR | 2 | 4  | 1 | 0 | 0.75 0.25",
                "BILINEAR | 2 | 4  | 3 | 1 | 1",
                "BILINEAR | 4 | 2  | 0 | 0 | 0.428571429 0.428571429 0.142857143",
                "BILINEAR | 8 | 4  | 1 | 1 | 0.125 0.375 0.375 0.125",
                "BICUBIC  | 8 | 16 | 5 | 1 | -0.0703125 0.8671875 0.2265625 -0.0234375",
                "BICUBIC  | 4 | 4  | 2 | 1 | 0 1 0",
                "LANCZOS  | 8 | 16 | 7 | 1 | 0.030112285 -0.133274636 0.892770774 0.271010568 -0.067997263 0.007378271",
                "LANCZOS  | 9 | 3  | 1 | 0 | -0.047185971 0 0.123193821 0.262200251 0.323583798 0.262200251 0.123193821 0 -0.047185971",
                "LANCZOS  | 8 | 8  | 4 | 2 | 0 0 1 0 0 0"
            })
    void asDefined(Interpolation interpolation, int in, int out, int pixel, int first, String weights) {
        Coefficients coefficients = Coefficients.forResize(in, out, interpolation);

        assertEquals(first, coefficients.first()[pixel]);
        assertArrayEquals(
                Arrays.stream(weights.split(" "))
                        .mapToDouble(Double::parseDouble)
                        .toArray(),
                weights(coefficients, pixel),
                1e-6);
    }

    /** Of a step of 256 levels, rounding may miss less than a hundredth, whatever the filter and the sizes are. */
    @Test
    void theWeightsOfAPixelAddUpToOne() {
        for (Interpolation interpolation : Interpolation.values()) {
            for (int in = 1; interpolation != Interpolation.NEAREST && in < 40; in += 3) {
                for (int out = 1; out < 40; out += 4) {
                    Coefficients coefficients = Coefficients.forResize(in, out, interpolation);
                    for (int pixel = 0; pixel < out; pixel++) {
                        double sum = Arrays.stream(weights(coefficients, pixel)).sum();
                        assertEquals(1, sum, 1e-5, interpolation + ", " + in + " to " + out);
                    }
                }
            }
        }
    }

    /** Of 2 to the power of 22: -156309.47, 1962552.18, 2474899.88, 0 and -86838.59. */
    @Test
    void weightsAreRoundedToTheNearestNumber() {
        Coefficients coefficients = Coefficients.forResize(7, 5, Interpolation.BICUBIC);
        int from = coefficients.taps();

        assertArrayEquals(
                new int[] {-156_309, 1_962_552, 2_474_900, 0, -86_839},
                Arrays.copyOfRange(
                        coefficients.weights(), from, from + coefficients.count()[1]));
    }

    @Test
    void theNearestPixelHasNoWeights() {
        assertThrows(IllegalArgumentException.class, () -> Coefficients.forResize(4, 2, Interpolation.NEAREST));
    }

    private static double[] weights(Coefficients coefficients, int pixel) {
        int from = pixel * coefficients.taps();
        return Arrays.stream(coefficients.weights(), from, from + coefficients.count()[pixel])
                .mapToDouble(weight -> (double) weight / ONE)
                .toArray();
    }
}
