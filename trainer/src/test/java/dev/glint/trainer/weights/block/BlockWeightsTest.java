package dev.glint.trainer.weights.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import dev.glint.runtime.failure.GlintException;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.model.Architecture;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class BlockWeightsTest {
    private NDManager manager;

    @BeforeEach
    void open() {
        manager = TorchEngine.newManager(1);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    /** What is done on a GPU, to every kind of parameter there is. */
    @Test
    void copiesIntoAnArrayWhoseMemoryIsOutOfReach() {
        Block block = Architecture.SMALL_VGG.build(2);
        BlockWeights.allocate(block, manager, new Shape(1, 1, 12, 12));
        Map<String, Parameter> parameters = StateDict.parameters(block);
        int arrays = manager.getManagedArrays().size();
        int seed = 1;
        for (Parameter parameter : parameters.values()) {
            NDArray array = parameter.getArray();
            float[] values = new float[(int) array.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = seed++;
            }
            boolean gradient = array.hasGradient();
            BlockWeights.copy(array, FloatBuffer.wrap(values));
            assertArrayEquals(values, BlockWeights.values(array));
            assertArrayEquals(values, parameter.getArray().toFloatArray());
            assertEquals(gradient, array.hasGradient(), "still a parameter");
            BlockWeights.set(array, new float[values.length]);
            assertArrayEquals(new float[values.length], BlockWeights.values(array), "its own memory, not the values'");
        }
        assertEquals(arrays, manager.getManagedArrays().size());
        assertTrue(parameters.values().stream()
                .anyMatch(parameter -> parameter.getArray().hasGradient()));
    }

    @Test
    void aNetworkThatNoMemoryHoldsIsBeyondALimit() {
        Block block = Architecture.MLP.build(2);
        Shape huge = new Shape(1, 1, 1 << 20, 1 << 20);
        assertLimit("device cpu: found too little memory", () -> BlockWeights.allocate(block, manager, huge));
    }

    @Test
    void weightsThatNoBufferHoldsAreBeyondALimit() {
        BlockWeights.requireBuffer("fc1.weight", new Shape(511, 1 << 20));
        assertLimit(
                "a network whose fc1.weight has 536,870,912 numbers, expected at most 536,870,911",
                () -> BlockWeights.requireBuffer("fc1.weight", new Shape(512, 1 << 20)));
    }

    private static void assertLimit(String line, Executable work) {
        GlintException failure = assertThrows(GlintException.class, work);
        assertEquals(GlintException.Reason.LIMIT, failure.reason());
        assertTrue(failure.getMessage().contains(line), failure.getMessage());
    }

    @Test
    void refusesTooManyAndTooFewValues() {
        NDArray array = manager.zeros(new Shape(2, 3));
        for (int size : new int[] {5, 7}) {
            assertThrows(IllegalArgumentException.class, () -> BlockWeights.set(array, new float[size]));
            assertThrows(IllegalArgumentException.class, () -> BlockWeights.copy(array, FloatBuffer.allocate(size)));
            ByteBuffer bytes = ByteBuffer.allocate(4 * size).order(ByteOrder.LITTLE_ENDIAN);
            assertThrows(IllegalArgumentException.class, () -> BlockWeights.set(array, bytes));
        }
    }
}
