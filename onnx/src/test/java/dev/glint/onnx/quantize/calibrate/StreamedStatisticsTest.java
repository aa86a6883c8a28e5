package dev.glint.onnx.quantize.calibrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.runtime.failure.GlintException;
import java.nio.FloatBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamedStatisticsTest {

    @Test
    void orderAndBatchesDoNotMatter() {
        Random random = new Random(1);
        for (int trial = 0; trial < 100; trial++) {
            float[] elements = elements(random);
            TensorStatistics whole = statistics(elements, elements.length);
            for (int i = elements.length - 1; i > 0; i--) {
                int other = random.nextInt(i + 1);
                float swapped = elements[i];
                elements[i] = elements[other];
                elements[other] = swapped;
            }
            TensorStatistics pieces = statistics(elements, 1 + random.nextInt(7));
            assertEquals(whole.extremes(), pieces.extremes());
            assertEquals(whole.histogram().exponent(), pieces.histogram().exponent());
            assertEquals(whole.histogram().first(), pieces.histogram().first());
            assertEquals(whole.histogram().zeros(), pieces.histogram().zeros());
            assertArrayEquals(whole.histogram().counts(), pieces.histogram().counts());
        }
    }

    @Test
    void everyElementIsInItsBin() {
        Random random = new Random(2);
        for (int trial = 0; trial < 100; trial++) {
            float[] elements = elements(random);
            Histogram histogram = statistics(elements, 16).histogram();
            long[] expected = new long[histogram.counts().length];
            long zeros = 0;
            for (float element : elements) {
                if (element == 0) {
                    zeros++;
                    continue;
                }
                int bin = 0;
                while (histogram.start(bin + 1) <= element) {
                    bin++;
                }
                expected[bin]++;
            }
            assertArrayEquals(expected, histogram.counts());
            assertEquals(zeros, histogram.zeros());
            assertEquals(elements.length, histogram.total());
        }
    }

    @Test
    void valuesOnBothSidesOfZeroFillHalfTheBinsAtLeast() {
        Random random = new Random(3);
        for (int trial = 0; trial < 1_000; trial++) {
            float scale = (float) Math.exp(40 * random.nextDouble() - 20);
            float[] ends = {-scale * random.nextFloat(), scale};
            int bins = statistics(ends, 2).histogram().counts().length;
            assertTrue(bins >= Histogram.BINS / 2 && bins <= Histogram.BINS, () -> bins + " bins");
        }
    }

    @Test
    void averagesAreThoseOfTheBatches() {
        Range average = statistics(new float[] {-1, 3, -3, 5, -8, 1}, 2).averageExtremes();
        assertEquals(-4, average.min(), 1e-6);
        assertEquals(3, average.max(), 1e-6);
        assertEquals(new Range(-2, -2), statistics(new float[] {-2, -2, -2}, 1).averageExtremes());
    }

    @Test
    void whatIsNotFiniteIsRefused() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            StreamedStatistics statistics = new StreamedStatistics("relu7");
            GlintException failure =
                    assertThrows(GlintException.class, () -> statistics.add(FloatBuffer.wrap(new float[] {1, bad, 2})));
            assertTrue(failure.getMessage().contains("relu7"), failure.getMessage());
        }
        assertThrows(IllegalStateException.class, () -> new StreamedStatistics("relu7").statistics());
    }

    @Test
    void extremesOfFloatsFit() {
        Range all = new Range(-Float.MAX_VALUE, Float.MAX_VALUE);
        TensorStatistics wide = statistics(new float[] {Float.MIN_VALUE, -Float.MAX_VALUE, 0, Float.MAX_VALUE}, 1);
        assertEquals(all, wide.extremes());
        assertEquals(4, wide.histogram().total());
        assertEquals(
                2,
                statistics(new float[] {Float.MIN_VALUE, -Float.MIN_VALUE}, 1)
                        .histogram()
                        .total());
    }

    private static float[] elements(Random random) {
        float[] elements = new float[200];
        float scale = (float) Math.exp(20 * random.nextDouble() - 10);
        double shift = random.nextInt(3) - 1;
        for (int i = 0; i < elements.length; i++) {
            double element = scale * (random.nextGaussian() + shift) * (random.nextInt(50) == 0 ? 30 : 1);
            elements[i] = random.nextInt(4) == 0 ? 0 : (float) element;
        }
        return elements;
    }

    static TensorStatistics statistics(float[] elements, int batch) {
        StreamedStatistics statistics = new StreamedStatistics("value");
        for (int from = 0; from < elements.length; from += batch) {
            statistics.add(FloatBuffer.wrap(elements, from, Math.min(batch, elements.length - from)));
        }
        return statistics.statistics();
    }
}
