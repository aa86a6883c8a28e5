package dev.glint.onnx.quantize.scheme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.quantize.scheme.TensorScheme.Granularity;
import dev.glint.onnx.quantize.scheme.TensorScheme.Symmetry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of every scheme: signed and unsigned, symmetric and not, of 7 bits and of 8, per tensor and per channel. */
class TensorSchemeTest {

    static Stream<TensorScheme> schemes() {
        List<TensorScheme> schemes = new ArrayList<>();
        for (IntegerType type : IntegerType.values()) {
            for (int bits : new int[] {7, 8}) {
                for (Symmetry symmetry : Symmetry.values()) {
                    for (Granularity granularity : Granularity.values()) {
                        schemes.add(new TensorScheme(type, bits, symmetry, granularity));
                    }
                }
            }
        }
        return schemes.stream();
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void activationsOfTheRangeComeBackWithinAStepAndZeroExactly(TensorScheme scheme) {
        Random random = new Random(1);
        for (int trial = 0; trial < 500; trial++) {
            Range range = range(random);
            ActivationEncoding encoding = ActivationEncoding.covering(range, scheme);
            assertEquals(0f, encoding.dequantize(encoding.quantize(0)), "zero");
            if (scheme.symmetry() == Symmetry.SYMMETRIC) {
                assertEquals(scheme.middle(), encoding.zeroPoint());
            }
            Range reach = range.withZero();
            for (int i = 0; i < 20; i++) {
                float value = reach.min() + random.nextFloat() * (reach.max() - reach.min());
                int q = encoding.quantize(value);
                assertTrue(q >= scheme.lowest() - 1 && q <= scheme.highest() + 1, () -> q + " of " + scheme);
                assertEquals(value, encoding.dequantize(q), encoding.scale() * 1.001, scheme::describe);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void weightsComeBackWithinAStepAndBiasesToo(TensorScheme scheme) {
        Random random = new Random(2);
        for (int trial = 0; trial < 200; trial++) {
            int channels = 1 + random.nextInt(5);
            float[] weights = new float[channels * 4];
            float[] bias = new float[channels];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (float) random.nextGaussian() * (1 + i / 4);
            }
            for (int i = 0; i < channels; i++) {
                bias[i] = (float) random.nextGaussian();
            }
            Tensor weight = Tensor.floats(List.of((long) channels, 4L), weights);
            WeightEncoding encoding = WeightEncoding.encode(weight, bias, 0.02f, scheme);
            boolean perChannel = scheme.granularity() == Granularity.PER_CHANNEL;
            assertEquals(perChannel ? channels : 1, encoding.scales().length);
            assertEquals(
                    perChannel ? List.of((long) channels) : List.of(),
                    encoding.zeroPoints().shape());
            for (int i = 0; i < weights.length; i++) {
                int group = perChannel ? i / 4 : 0;
                int q = number(encoding.weights(), i, scheme);
                int zero = number(encoding.zeroPoints(), group, scheme);
                assertTrue(q >= scheme.lowest() && q <= scheme.highest(), () -> q + " of " + scheme);
                assertTrue(zero >= scheme.lowest() && zero <= scheme.highest());
                float step = encoding.scales()[group];
                assertEquals(weights[i], (q - zero) * step, step * 1.001, scheme::describe);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void stepsAreAsFineAsTheIntegersAllow(TensorScheme scheme) {
        int halves = 1 << scheme.bits() - 1;
        float finest = (float) (scheme.symmetry() == Symmetry.SYMMETRIC ? 2.0 / (halves - 1) : 3.0 / (2 * halves - 1));

        assertEquals(
                finest, ActivationEncoding.covering(new Range(-1, 2), scheme).scale());
        Tensor weight = Tensor.floats(List.of(1L, 2L), -1, 2);
        assertEquals(
                finest,
                WeightEncoding.encode(weight, new float[] {0}, 0.02f, scheme).scales()[0]);
    }

    @Test
    void itIsDescribedInTheWordsOfPapers() {
        assertEquals(
                "u8 asymmetric per tensor",
                new TensorScheme(IntegerType.U8, 8, Symmetry.ASYMMETRIC, Granularity.PER_TENSOR).describe());
        assertEquals(
                "s7 symmetric per channel",
                new TensorScheme(IntegerType.S8, 7, Symmetry.SYMMETRIC, Granularity.PER_CHANNEL).describe());
    }

    @Test
    void symmetricIntegersLeaveOutTheOneWithoutOpposite() {
        assertEquals(-127, TensorScheme.WEIGHT_S8_PER_CHANNEL.lowest());
        assertEquals(-63, TensorScheme.WEIGHT_S7_PER_CHANNEL.lowest());
        assertEquals(-128, TensorScheme.ACTIVATION_S8.lowest());
    }

    @Test
    void fewerThanTwoBitsAndMoreThanEightAreRefused() {
        for (int bits = 2; bits <= 8; bits++) {
            assertEquals(bits, scheme(bits).bits());
        }
        assertThrows(IllegalArgumentException.class, () -> scheme(1));
        assertThrows(IllegalArgumentException.class, () -> scheme(9));
    }

    private static TensorScheme scheme(int bits) {
        return new TensorScheme(IntegerType.U8, bits, Symmetry.SYMMETRIC, Granularity.PER_TENSOR);
    }

    private static int number(Tensor bytes, int index, TensorScheme scheme) {
        return scheme.type() == IntegerType.S8 ? bytes.data()[index] : bytes.data()[index] & 0xff;
    }

    private static Range range(Random random) {
        double magnitude = Math.pow(10, random.nextInt(12) - 6);
        float one = (float) (random.nextGaussian() * magnitude);
        float other = (float) (random.nextGaussian() * magnitude);
        return new Range(Math.min(one, other), Math.max(one, other));
    }
}
