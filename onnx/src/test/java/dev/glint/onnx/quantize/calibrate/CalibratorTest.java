package dev.glint.onnx.quantize.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.onnx.quantize.scheme.ActivationEncoding;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.onnx.quantize.scheme.TensorScheme;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CalibratorTest {
    private static final List<TensorScheme> SCHEMES =
            List.of(TensorScheme.ACTIVATION_U8, TensorScheme.ACTIVATION_S8, TensorScheme.ACTIVATION_S8_SYMMETRIC);

    static List<Calibrator> all() {
        return Calibrator.candidates();
    }

    @ParameterizedTest
    @MethodSource("all")
    void rangeLiesWithinTheExtremesAndZero(Calibrator calibrator) {
        Random random = new Random(1);
        for (int trial = 0; trial < 60; trial++) {
            TensorStatistics seen = StreamedStatisticsTest.statistics(elements(random, trial), 64);
            for (TensorScheme scheme : SCHEMES) {
                Range reach = seen.extremes().withZero();
                Range range = calibrator.range(seen, scheme);
                assertTrue(
                        range.min() >= reach.min() && range.max() <= reach.max(),
                        () -> calibrator + " gave " + range + " of " + reach);
                assertTrue(range.withZero().min() < range.withZero().max(), () -> calibrator + " gave " + range);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void valuesThatAreAllAlikeKeepTheirRange(Calibrator calibrator) {
        for (float constant : new float[] {0, 3.25f, -0.001f}) {
            TensorStatistics seen = StreamedStatisticsTest.statistics(new float[] {constant, constant, constant}, 2);
            for (TensorScheme scheme : SCHEMES) {
                Range range = calibrator.range(seen, scheme);
                ActivationEncoding encoding = ActivationEncoding.covering(range, scheme);
                assertEquals(
                        constant,
                        encoding.dequantize(encoding.quantize(constant)),
                        Math.abs(constant) / 100,
                        () -> calibrator + " gave " + range);
            }
        }
    }

    @Test
    void oneOutlierOfManyIsCutOffByAllButTheExtremes() {
        Random random = new Random(2);
        float[] elements = new float[1_000_000];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = Math.abs((float) random.nextGaussian());
        }
        elements[500] = 12;
        TensorStatistics seen = StreamedStatisticsTest.statistics(elements, 10_000);
        for (Calibrator calibrator : all()) {
            float max = calibrator.range(seen, TensorScheme.ACTIVATION_U8).max();
            if (calibrator == Calibrator.MINMAX) {
                assertEquals(12, max);
            } else {
                assertTrue(max > 2 && max < 6, () -> calibrator + " reaches to " + max);
            }
        }
    }

    @Test
    void percentileLeavesOutItsShare() {
        float[] elements = new float[10_000];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = i + 1;
        }
        TensorStatistics seen = StreamedStatisticsTest.statistics(elements, 100);
        double bin = seen.histogram().width();
        assertEquals(
                9_900,
                Calibrator.percentile(99)
                        .range(seen, TensorScheme.ACTIVATION_U8)
                        .max(),
                bin);
        assertEquals(
                10_000,
                Calibrator.percentile(100)
                        .range(seen, TensorScheme.ACTIVATION_U8)
                        .max());
        for (int i = 0; i < elements.length; i++) {
            elements[i] -= 5_000;
        }
        TensorStatistics centred = StreamedStatisticsTest.statistics(elements, 100);
        Range range = Calibrator.percentile(98).range(centred, TensorScheme.ACTIVATION_U8);
        assertEquals(-4_900, range.min(), bin);
        assertEquals(4_900, range.max(), bin);
        Range symmetric = Calibrator.percentile(98).range(centred, TensorScheme.ACTIVATION_S8_SYMMETRIC);
        assertEquals(4_900, symmetric.max(), bin);
        assertEquals(-4_900, symmetric.min(), bin);
    }

    @Test
    void percentileOfWhatIsMostlyZeroKeepsTheRest() {
        float[] elements = new float[100_000];
        elements[7] = 2;
        Range range = Calibrator.percentile(99.9)
                .range(StreamedStatisticsTest.statistics(elements, 1_000), TensorScheme.ACTIVATION_U8);
        assertEquals(2, range.max());
    }

    @Test
    void meanSquareCostsNoMoreThanTheExtremesAndAnyOther() {
        Random random = new Random(3);
        for (int trial = 0; trial < 60; trial++) {
            TensorStatistics seen = StreamedStatisticsTest.statistics(elements(random, trial), 64);
            for (TensorScheme scheme : SCHEMES) {
                double least = error(Calibrator.MSE, seen, scheme);
                assertTrue(least <= error(Calibrator.MINMAX, seen, scheme));
            }
        }
    }

    /** Of a normal distribution in 8 bits the best end is near 4 standard deviations (Banner et al., 2019: 3.92 sigma). */
    @Test
    void meanSquareFindsTheKnownBestOfANormalDistribution() {
        TensorStatistics seen = distribution(x -> Math.exp(-x * x / 2), -8, 8);
        Range range = Calibrator.MSE.range(seen, TensorScheme.ACTIVATION_S8_SYMMETRIC);
        assertEquals(3.92, range.max(), 0.25);
        TensorStatistics laplace = distribution(x -> Math.exp(-Math.abs(x)), -40, 40);
        assertEquals(
                9.89,
                Calibrator.MSE
                        .range(laplace, TensorScheme.ACTIVATION_S8_SYMMETRIC)
                        .max(),
                0.6);
    }

    @Test
    void entropyKeepsAnEvenDistributionWhole() {
        TensorStatistics seen = distribution(x -> 1, 0, 6);
        assertEquals(
                6, Calibrator.ENTROPY.range(seen, TensorScheme.ACTIVATION_U8).max(), 0.1);
    }

    @Test
    void namesAreReadAsTheyAreWritten() {
        for (Calibrator calibrator : all()) {
            assertEquals(Optional.of(calibrator), Calibrator.named(calibrator.name()));
        }
        assertEquals(Optional.of(Calibrator.percentile(99.99)), Calibrator.named("percentile"));
        assertEquals(Optional.of(Calibrator.percentile(99.5)), Calibrator.named("percentile=99.50"));
        for (String wrong : List.of("", "max", "percentile=", "percentile=50", "percentile=101", "percentile=NaN")) {
            assertEquals(Optional.empty(), Calibrator.named(wrong), wrong);
        }
    }

    private static double error(Calibrator calibrator, TensorStatistics seen, TensorScheme scheme) {
        ActivationEncoding encoding = ActivationEncoding.covering(calibrator.range(seen, scheme), scheme);
        return seen.histogram()
                .squaredError(
                        encoding.scale(),
                        encoding.zeroPoint() - encoding.type().min(),
                        encoding.type().max() - encoding.zeroPoint());
    }

    private static TensorStatistics distribution(DoubleUnaryOperator density, double min, double max) {
        int bins = Histogram.BINS;
        int exponent = (int) Math.ceil(Math.log((max - min) / bins) / Math.log(2));
        double width = Math.scalb(1.0, exponent);
        long first = (long) Math.floor(min / width);
        long[] counts = new long[(int) Math.ceil((max - min) / width)];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = Math.round(1e12 * density.applyAsDouble((first + i + 0.5) * width));
        }
        Range extremes = new Range((float) min, (float) max);
        return new TensorStatistics(extremes, extremes, new Histogram(exponent, first, counts, 0));
    }

    private static float[] elements(Random random, int kind) {
        float[] elements = new float[2_000];
        float scale = (float) Math.exp(20 * random.nextDouble() - 10);
        for (int i = 0; i < elements.length; i++) {
            double element = random.nextGaussian();
            elements[i] = scale
                    * (float)
                            switch (kind % 6) {
                                case 0 -> element;
                                case 1 -> Math.max(0, element);
                                case 2 -> Math.min(0, element);
                                case 3 -> element * element * element;
                                case 4 -> element + 3;
                                default -> random.nextInt(100) == 0 ? 100 * Math.abs(element) : Math.abs(element);
                            };
        }
        return elements;
    }
}
