package dev.glint.trainer.weights.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.model.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InitializationTest {
    private static final Shape BARS = new Shape(1, 1, 12, 12);
    private static final Shape CIFAR = new Shape(1, 3, 32, 32);

    private static List<String> named(Block block) {
        List<String> named = new ArrayList<>();
        StateDict.parameters(block).forEach((name, parameter) -> named.add(name + " " + parameter.getShape()));
        return named;
    }

    @Test
    void barCnnHasItsParametersUnderPytorchsNames() {
        try (NDManager manager = TorchEngine.newManager(1)) {
            Block block = Architecture.BAR_CNN.build(2);
            BlockWeights.initialize(block, manager, BARS, BlockWeights.drawn(new Random(1)));
            assertEquals(1_538, StateDict.trainableCount(block));
            assertEquals(
                    List.of(
                            "conv1.weight (8, 1, 3, 3)",
                            "conv1.bias (8)",
                            "conv2.weight (16, 8, 3, 3)",
                            "conv2.bias (16)",
                            "fc.weight (2, 144)",
                            "fc.bias (2)"),
                    named(block));
        }
    }

    @Test
    void smallVggHasItsParametersUnderPytorchsNames() {
        try (NDManager manager = TorchEngine.newManager(1)) {
            Block block = Architecture.SMALL_VGG.build(10);
            BlockWeights.initialize(block, manager, CIFAR, BlockWeights.drawn(new Random(1)));
            assertEquals(1_148_874, StateDict.trainableCount(block));
            List<String> expected = new ArrayList<>();
            int[] positions = {0, 3, 7, 10, 14, 17};
            int[] channels = {64, 64, 128, 128, 256, 256};
            int in = 3;
            for (int i = 0; i < 6; i++) {
                int out = channels[i];
                expected.add("features." + positions[i] + ".weight (" + out + ", " + in + ", 3, 3)");
                for (String tensor : List.of("weight", "bias", "running_mean", "running_var")) {
                    expected.add("features." + (positions[i] + 1) + "." + tensor + " (" + out + ")");
                }
                in = out;
            }
            expected.add("classifier.weight (10, 256)");
            expected.add("classifier.bias (10)");
            assertEquals(expected, named(block));
        }
    }

    @Test
    void firstWeightsFillTheirRangeAndBatchNormIsTheIdentity() {
        try (NDManager manager = TorchEngine.newManager(1)) {
            Block block = Architecture.SMALL_VGG.build(10);
            BlockWeights.initialize(block, manager, CIFAR, BlockWeights.drawn(new Random(1)));
            double bound = Math.sqrt(6.0 / (64 * 9));
            float[] weights = values(block, "features.3.weight");
            double square = 0;
            for (float weight : weights) {
                assertTrue(Math.abs(weight) <= bound);
                square += weight * weight;
            }
            assertEquals(2.0 / (64 * 9), square / weights.length, 0.02 * 2.0 / (64 * 9), "variance 2 / fan-in");
            assertArrayEquals(filled(64, 1), values(block, "features.4.weight"));
            assertArrayEquals(filled(64, 0), values(block, "features.4.bias"));
            assertArrayEquals(filled(64, 0), values(block, "features.4.running_mean"));
            assertArrayEquals(filled(64, 1), values(block, "features.4.running_var"));
            assertArrayEquals(filled(10, 0), values(block, "classifier.bias"));
        }
    }

    private static float[] values(Block block, String name) {
        return StateDict.parameters(block).get(name).getArray().toFloatArray();
    }

    private static float[] filled(int size, float value) {
        float[] values = new float[size];
        java.util.Arrays.fill(values, value);
        return values;
    }

    @Test
    void aSequenceRefusesANameTwiceOrWithADot() {
        Sequence sequence = new Sequence().add("a", Activation.reluBlock());
        assertThrows(IllegalArgumentException.class, () -> sequence.add("a", Activation.reluBlock()));
        assertThrows(IllegalArgumentException.class, () -> sequence.add("a.b", Activation.reluBlock()));
    }
}
