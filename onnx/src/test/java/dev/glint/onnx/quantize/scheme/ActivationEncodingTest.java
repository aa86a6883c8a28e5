package dev.glint.onnx.quantize.scheme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.onnx.quantize.plan.ClipBounds;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ActivationEncodingTest {
    private static final TensorScheme ACTIVATION = TensorScheme.ACTIVATION_U8;

    @Test
    void roundTripIsWithinHalfAStepAndZeroIsExact() {
        Random random = new Random(1);
        for (int trial = 0; trial < 2_000; trial++) {
            Range range = range(random);
            ActivationEncoding encoding = ActivationEncoding.covering(range, ACTIVATION);
            Range reach = range.withZero();
            assertEquals(0f, encoding.dequantize(encoding.quantize(0)), "zero");
            for (int i = 0; i < 20; i++) {
                float value = reach.min() + random.nextFloat() * (reach.max() - reach.min());
                float back = encoding.dequantize(encoding.quantize(value));
                // The zero point is a whole number, so an end of the range may miss by another half step.
                double half = encoding.scale() / 2.0 * (1 + 1e-5);
                boolean inside = value >= encoding.dequantize(0) && value <= encoding.dequantize(255);
                double bound = inside ? half : 2 * half;
                assertTrue(Math.abs(value - back) <= bound, () -> value + " became " + back + " with " + encoding);
            }
        }
    }

    @Test
    void bytesThatWereEncodedStay() {
        Random random = new Random(2);
        for (int trial = 0; trial < 200; trial++) {
            ActivationEncoding encoding = ActivationEncoding.covering(range(random), ACTIVATION);
            for (int q = 0; q <= 255; q++) {
                assertEquals(q, encoding.quantize(encoding.dequantize(q)));
            }
        }
    }

    @Test
    void valuesOutsideSaturate() {
        ActivationEncoding encoding = ActivationEncoding.covering(new Range(-1, 2), ACTIVATION);
        assertEquals(0, encoding.quantize(-50));
        assertEquals(255, encoding.quantize(Float.POSITIVE_INFINITY));
        assertEquals(85, encoding.zeroPoint());
    }

    @Test
    void valuesAfterReluStartAtByteZero() {
        assertEquals(
                0, ActivationEncoding.covering(new Range(0, 3.7f), ACTIVATION).zeroPoint());
        assertEquals(
                0, ActivationEncoding.covering(new Range(1, 3.7f), ACTIVATION).zeroPoint());
        assertEquals(
                255, ActivationEncoding.covering(new Range(-3, -1), ACTIVATION).zeroPoint());
    }

    @Test
    void constantAndTinyValuesHaveAnEncoding() {
        assertEquals(
                new ActivationEncoding(IntegerType.U8, 1, 0), ActivationEncoding.covering(new Range(0, 0), ACTIVATION));
        assertEquals(
                new ActivationEncoding(IntegerType.U8, 1, 0),
                ActivationEncoding.covering(new Range(-Float.MIN_VALUE, Float.MIN_VALUE), ACTIVATION));
        assertEquals(2f, round(ActivationEncoding.covering(new Range(2, 2), ACTIVATION), 2));
        ActivationEncoding widest =
                ActivationEncoding.covering(new Range(-Float.MAX_VALUE, Float.MAX_VALUE), ACTIVATION);
        assertTrue(Float.isFinite(widest.scale()));
    }

    private static float round(ActivationEncoding encoding, float value) {
        return encoding.dequantize(encoding.quantize(value));
    }

    @Test
    void clippedRangeStaysBelowItsBound() {
        Random random = new Random(3);
        for (int trial = 0; trial < 2_000; trial++) {
            float bound = 0.01f + 10 * random.nextFloat();
            ActivationEncoding encoding =
                    ActivationEncoding.covering(new Range(0, bound), ACTIVATION).within(0, bound);
            assertTrue(encoding.dequantize(255) <= bound);
            assertTrue(encoding.dequantize(255) >= bound * (1 - 1e-6));
        }
    }

    @Test
    void noByteIsOutsideItsBounds() {
        Random random = new Random(4);
        for (int trial = 0; trial < 2_000; trial++) {
            ClipBounds bounds = new ClipBounds(-10 * random.nextFloat(), 0.01f + 10 * random.nextFloat());
            ActivationEncoding free = ActivationEncoding.covering(new Range(bounds.min(), bounds.max()), ACTIVATION);
            ActivationEncoding encoding = free.within(bounds.min(), bounds.max());
            assertTrue(encoding.dequantize(0) >= bounds.min() && encoding.dequantize(255) <= bounds.max());
            assertTrue(encoding.scale() <= free.scale());
            // The end that the zero point's rounding moved outside decides: half a step of those on its side.
            int fewest = Math.max(1, Math.min(free.zeroPoint(), 255 - free.zeroPoint()));
            assertTrue(encoding.scale() >= free.scale() * (1 - 0.51 / fewest), () -> free + " became " + encoding);
        }
        ActivationEncoding dead =
                ActivationEncoding.covering(new Range(0, 0), ACTIVATION).within(0, 6);
        assertTrue(dead.dequantize(255) <= 6 && dead.dequantize(255) > 5.99);
        ActivationEncoding unbounded = new ActivationEncoding(IntegerType.U8, 0.5f, 7);
        assertEquals(unbounded, unbounded.within(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY));
    }

    @Test
    void noSignedByteIsOutsideItsBounds() {
        ActivationEncoding free = ActivationEncoding.covering(new Range(-1, 6), TensorScheme.ACTIVATION_S8);

        ActivationEncoding encoding = free.within(-0.5f, 6);

        assertTrue(encoding.dequantize(-128) >= -0.5f && encoding.dequantize(-128) < -0.499f, encoding::toString);
        assertTrue(encoding.dequantize(127) <= 6, encoding::toString);
    }

    @Test
    void theSmallestNormalNumberIsAScale() {
        float reach = 255 * Float.MIN_NORMAL;

        assertEquals(
                new ActivationEncoding(IntegerType.U8, Float.MIN_NORMAL, 0),
                ActivationEncoding.covering(new Range(0, reach), ACTIVATION));
        assertThrows(
                IllegalArgumentException.class,
                () -> new ActivationEncoding(IntegerType.U8, Math.nextDown(Float.MIN_NORMAL), 0));
    }

    @Test
    void scaledBytesStandForAsManyTimesAsMuch() {
        ActivationEncoding encoding = new ActivationEncoding(IntegerType.U8, 0.5f, 7);

        assertEquals(new ActivationEncoding(IntegerType.U8, 1.5f, 7), encoding.scaled(3));
        assertEquals(encoding, encoding.scaled(1));
        assertEquals(Float.MIN_NORMAL, encoding.scaled(Float.MIN_NORMAL).scale());
    }

    @Test
    void aRangeHoldsAllItsNumbersIfAllAreFinite() {
        assertEquals(Optional.of(new Range(-2, 3)), Range.covering(1, -2, 3));
        assertEquals(Optional.empty(), Range.covering());
        assertEquals(Optional.empty(), Range.covering(1, Float.NaN));
        assertEquals(new Range(-1, 5), new Range(-1, 2).union(new Range(0, 5)));
    }

    @Test
    void rangesThatAreNoneAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Range(1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Range(Float.NaN, 0));
        assertThrows(IllegalArgumentException.class, () -> new Range(0, Float.POSITIVE_INFINITY));
        assertThrows(IllegalArgumentException.class, () -> new ActivationEncoding(IntegerType.U8, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new ActivationEncoding(IntegerType.U8, 1, 256));
    }

    /** Of any magnitude; above, below or around zero. */
    private static Range range(Random random) {
        double magnitude = Math.pow(10, random.nextInt(20) - 10);
        float one = (float) (random.nextGaussian() * magnitude);
        float other = (float) (random.nextGaussian() * magnitude);
        return new Range(Math.min(one, other), Math.max(one, other));
    }
}
