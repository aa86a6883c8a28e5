package dev.glint.onnx.quantize.scheme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.onnx.graph.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WeightEncodingTest {
    private static final TensorScheme WEIGHT = TensorScheme.WEIGHT_S8_PER_CHANNEL;

    @Test
    void everyChannelHasItsOwnScaleAndAnErrorBelowHalfOfIt() {
        Random random = new Random(1);
        for (int trial = 0; trial < 500; trial++) {
            int channels = 1 + random.nextInt(8);
            float[] weights = new float[channels * 9];
            float[] bias = new float[channels];
            for (int c = 0; c < channels; c++) {
                double magnitude = Math.pow(10, random.nextInt(7) - 4);
                bias[c] = (float) (random.nextGaussian() * magnitude);
                for (int i = 0; i < 9; i++) {
                    weights[c * 9 + i] = (float) (random.nextGaussian() * magnitude);
                }
            }
            float inputScale = (float) Math.pow(10, random.nextInt(6) - 4);
            WeightEncoding encoding = WeightEncoding.encode(
                    Tensor.floats(List.of((long) channels, 1L, 3L, 3L), weights), bias, inputScale, WEIGHT);
            for (int c = 0; c < channels; c++) {
                float scale = encoding.scales()[c];
                int largest = 0;
                for (int i = c * 9; i < c * 9 + 9; i++) {
                    int q = encoding.weights().data()[i];
                    largest = Math.max(largest, Math.abs(q));
                    assertEquals(weights[i], q * scale, scale / 2 * 1.0001);
                }
                assertEquals(127, largest, "the largest weight uses the whole range");
                assertEquals(bias[c], bias(encoding, c) * (double) encoding.biasScales()[c], inputScale * scale);
                assertEquals(inputScale * scale, encoding.biasScales()[c]);
            }
        }
    }

    @Test
    void zeroWeightsKeepTheirBias() {
        float[] bias = {0, 0.3f, -1e6f};
        WeightEncoding encoding =
                WeightEncoding.encode(Tensor.floats(List.of(3L, 2L), 0, 0, 0, 0, 0, 0), bias, 0.02f, WEIGHT);
        for (int c = 0; c < 3; c++) {
            assertTrue(encoding.scales()[c] > 0);
            assertEquals(bias[c], bias(encoding, c) * encoding.biasScales()[c], Math.abs(bias[c]) * 1e-6);
        }
    }

    @Test
    void biasThatDwarfsTheWeightsFitsIn32Bits() {
        float[] bias = {1000, -1000};
        WeightEncoding encoding =
                WeightEncoding.encode(Tensor.floats(List.of(2L, 1L), 1e-9f, 1e-9f), bias, 1e-3f, WEIGHT);
        for (int c = 0; c < 2; c++) {
            assertEquals(bias[c], bias(encoding, c) * encoding.biasScales()[c], 1e-3);
            assertTrue(Math.abs((long) bias(encoding, c)) <= 1 << 30);
        }
    }

    @Test
    void theLargestBiasFitsIntoTheOneScaleOfAllChannels() {
        float[] bias = {1, -1000};
        WeightEncoding encoding = WeightEncoding.encode(
                Tensor.floats(List.of(2L, 1L), 1e-9f, 1e-9f), bias, 1e-3f, TensorScheme.WEIGHT_S8_PER_TENSOR);
        for (int c = 0; c < 2; c++) {
            assertEquals(bias[c], bias(encoding, c) * encoding.biasScales()[0], 1e-3);
        }
    }

    @Test
    void tiniestInputsHaveNormalScales() {
        WeightEncoding encoding = WeightEncoding.encode(
                Tensor.floats(List.of(1L, 1L), Float.MIN_VALUE), new float[] {0}, Float.MIN_NORMAL, WEIGHT);
        assertTrue(encoding.biasScales()[0] >= Float.MIN_NORMAL);
        assertTrue(Float.isFinite(encoding.scales()[0]));
    }

    private static int bias(WeightEncoding encoding, int channel) {
        return ByteBuffer.wrap(encoding.bias().data())
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt(channel * Integer.BYTES);
    }
}
