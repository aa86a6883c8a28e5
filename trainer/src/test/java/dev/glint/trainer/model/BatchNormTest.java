package dev.glint.trainer.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import dev.glint.runtime.failure.GlintException;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.weights.block.BlockWeights;
import dev.glint.trainer.weights.block.StateDict;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BatchNormTest {
    private static final Shape SHAPE = new Shape(2, 2, 1, 2);
    private static final float[] INPUT = {1, 2, 10, 20, 3, 6, 30, 40};

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = TorchEngine.newManager(1);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void trainingTakesTheBatchAndMovesTheStatistics() {
        BatchNormalization layer = layer(1e-3f, 0.25f);
        float[] output = train(layer);
        // Channel 0: 1, 2, 3, 6, with mean 3 and variance 3.5 (4.6667 as an estimate).
        assertEquals((1 - 3) / Math.sqrt(3.5 + 1e-3), output[0], 1e-6);
        assertArrayEquals(new float[] {0.25f * 3, 0.25f * 25}, values(layer.runningMean()), 1e-6f);
        assertEquals(0.75 + 0.25 * 14 / 3, values(layer.runningVariance())[0], 1e-6);
    }

    @Test
    void oneValuePerChannelHasNoVariance() {
        BatchNormalization layer = layer(1e-3f, 0.25f);
        NDArray single = manager.create(new float[] {1, 2}, new Shape(1, 2));
        ParameterStore parameters = new ParameterStore(manager, false);
        GlintException failure =
                assertThrows(GlintException.class, () -> layer.forward(parameters, new NDList(single), true));
        assertEquals(GlintException.Reason.USAGE, failure.reason());
        assertEquals(
                2, layer.forward(parameters, new NDList(single), false).get(0).size());
        new Sequence().add("bn", layer).freezeParameters(true);
        assertEquals(
                2, layer.forward(parameters, new NDList(single), true).get(0).size());
    }

    @Test
    void frozenItKeepsAndUsesItsStatistics() {
        BatchNormalization layer = layer(1e-3f, 0.25f);
        new Sequence().add("bn", layer).freezeParameters(true);
        float[] output = train(layer);
        assertArrayEquals(new float[] {0, 0}, values(layer.runningMean()));
        assertEquals(1 / Math.sqrt(1 + 1e-3), output[0], 1e-6);
    }

    @Test
    void thawingLeavesTheStatisticsUntrainable() {
        Block block = Architecture.RESNET8.build(2);
        BlockWeights.initialize(block, manager, Architecture.RESNET8.inputShape(), BlockWeights.drawn(new Random(1)));
        block.freezeParameters(true);
        assertTrue(StateDict.parameters(block).values().stream().noneMatch(Parameter::requiresGradient));
        block.freezeParameters(false);
        StateDict.parameters(block)
                .forEach((name, parameter) ->
                        assertEquals(!name.contains("running_"), parameter.requiresGradient(), name));
    }

    /** The function stays, and in training, where the batch decides, it stays nearly. */
    @Test
    void calibrationKeepsTheFunction() {
        Architecture architecture = Architecture.RESNET18_CIFAR;
        Block block = architecture.build(10);
        Shape shape = new Shape(8, 3, 16, 16);
        BlockWeights.allocate(block, manager, shape);
        Map<String, Parameter> parameters = StateDict.parameters(block);
        parameters.forEach((name, parameter) -> BlockWeights.set(
                parameter.getArray(),
                MadeUp.bytes(MadeUp.weights(name, parameter.getShape().getShape()))));
        float[] picture = MadeUp.uniform("picture", (int) shape.size());
        float[] before = forward(block, picture, shape, false);
        float[] beforeTraining = forward(block, picture, shape, true);
        parameters.forEach((name, parameter) -> BlockWeights.set(
                parameter.getArray(),
                MadeUp.bytes(MadeUp.weights(name, parameter.getShape().getShape()))));
        NDArray all = manager.create(picture, shape);
        BatchNormCalibration.apply(
                block, List.of(all.get("0:3").duplicate(), all.get("3:").duplicate()));
        float[] after = forward(block, picture, shape, false);
        float scale = largest(before);
        assertArrayEquals(before, after, 1e-4f * scale);
        assertNotEquals(0, values(parameters.get("bn1.running_mean"))[0]);
        float[] afterTraining = forward(block, picture, shape, true);
        assertArrayEquals(before, afterTraining, 0.02f * scale);
        assertFalse(closeTo(before, beforeTraining, 0.02f * scale), "the test must need the calibration");
    }

    @Test
    void dropoutIsSeededScalesAndDropsWholeUnits() {
        float[] channels = dropped(Dropout.Unit.CHANNEL, 1);
        for (int i = 0; i < channels.length; i += 4) {
            float first = channels[i];
            assertTrue(first == 0 || first == 1 / (1 - 0.25f), "kept or dropped: " + first);
            for (int j = 1; j < 4; j++) {
                assertEquals(first, channels[i + j]);
            }
        }
        assertArrayEquals(channels, dropped(Dropout.Unit.CHANNEL, 1));
        assertFalse(Arrays.equals(channels, dropped(Dropout.Unit.CHANNEL, 2)));
        float[] values = dropped(Dropout.Unit.VALUE, 1);
        double mean = 0;
        for (float value : values) {
            mean += value / values.length;
        }
        assertEquals(1, mean, 0.05);
    }

    private float[] dropped(Dropout.Unit unit, long seed) {
        Sequence block = new Sequence().add("drop", new Dropout(0.25f, unit));
        Dropout.reseed(block, new Random(seed));
        NDArray ones = manager.ones(new Shape(50, 100, 2, 2));
        assertArrayEquals(
                ones.toFloatArray(),
                block.forward(new ParameterStore(manager, false), new NDList(ones), false)
                        .singletonOrThrow()
                        .toFloatArray());
        return block.forward(new ParameterStore(manager, false), new NDList(ones), true)
                .singletonOrThrow()
                .toFloatArray();
    }

    private BatchNormalization layer(float epsilon, float momentum) {
        BatchNormalization layer = new BatchNormalization(epsilon, momentum);
        BlockWeights.initialize(layer, manager, SHAPE, BlockWeights.drawn(new Random(1)));
        return layer;
    }

    private float[] train(Block block) {
        return forward(block, INPUT, SHAPE, true);
    }

    private float[] forward(Block block, float[] input, Shape shape, boolean training) {
        try (NDManager step = manager.newSubManager()) {
            return block.forward(new ParameterStore(step, false), new NDList(step.create(input, shape)), training)
                    .singletonOrThrow()
                    .toFloatArray();
        }
    }

    private static boolean closeTo(float[] expected, float[] found, float tolerance) {
        for (int i = 0; i < expected.length; i++) {
            if (Math.abs(expected[i] - found[i]) > tolerance) {
                return false;
            }
        }
        return true;
    }

    private static float largest(float[] values) {
        float largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static float[] values(Parameter parameter) {
        return parameter.getArray().toFloatArray();
    }
}
