package dev.glint.trainer.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.model.Dropout.Unit;
import dev.glint.trainer.weights.block.BlockWeights;
import dev.glint.trainer.weights.block.StateDict;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SequenceTest {
    private static NDManager manager;

    @BeforeAll
    static void open() {
        manager = TorchEngine.newManager(1);
    }

    @AfterAll
    static void close() {
        manager.close();
    }

    static Stream<Arguments> networks() {
        return Stream.of(
                Arguments.of("small-vgg", Architecture.SMALL_VGG.build(2), 8),
                Arguments.of("resnet8", Architecture.RESNET8.build(2), 8),
                Arguments.of("mobilenet-v3-small", Architecture.MOBILENET_V3_SMALL.build(2), 32),
                Arguments.of(
                        "vision transformer",
                        VisionTransformer.build(new VisionTransformer.Size(4, 8, 16, 2, 2), 2),
                        8));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void leavesItsInputAndItsOutputOnly(String name, Block block, int side) {
        initialize(block, side);
        Set<String> before = uids(manager);
        for (boolean training : List.of(true, false)) {
            try (NDManager step = manager.newSubManager();
                    GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
                NDArray input = noise(side, step);
                NDArray output = forward(block, input, training);
                assertEquals(Set.of(input.getUid(), output.getUid()), uids(step));
                assertSame(step, output.getManager());
                gradients.backward(output.sum());
            }
        }
        assertEquals(before, uids(manager), "arrays of the forward pass");
    }

    /** What is freed early changes nothing: the layers, run one by one with all they compute kept, have these gradients. */
    @Test
    void hasTheGradientsOfItsLayersOneByOne() {
        Sequence block = (Sequence) Architecture.SMALL_VGG.build(2);
        initialize(block, 8);
        Map<String, float[]> whole = gradients(block, input -> forward(block, input, true));
        Map<String, float[]> single = gradients(block, input -> oneByOne(block, input));
        assertEquals(single.keySet(), whole.keySet());
        whole.forEach((name, values) -> assertArrayEquals(single.get(name), values, name));
    }

    @Test
    void keepsAnInputThatIsAlsoAnOutput() {
        Sequence block = Layers.sequence(
                new Dropout(0.5f, Unit.VALUE), Layers.sequence(new Dropout(0.5f, Unit.VALUE)), Layers.relu());
        initialize(block, 8);
        try (NDManager step = manager.newSubManager()) {
            NDArray input = noise(8, step);
            float[] values = input.toFloatArray();
            NDArray output = forward(block, input, false);
            assertArrayEquals(values, input.toFloatArray());
            assertEquals(Set.of(input.getUid(), output.getUid()), uids(step));
            assertSame(input, forward(Layers.sequence(new Dropout(0.5f, Unit.VALUE)), input, false));
            assertSame(step, input.getManager());
        }
    }

    @Test
    void keepsItsInputWhereALayerFails() {
        Sequence block = Layers.sequence(Layers.relu(), new Operator("test", x -> x.reshape(1, 2), shape -> shape));
        initialize(block, 8);
        try (NDManager step = manager.newSubManager()) {
            NDArray input = noise(8, step);
            float[] values = input.toFloatArray();
            assertThrows(RuntimeException.class, () -> forward(block, input, false));
            assertArrayEquals(values, input.toFloatArray());
            assertEquals(Set.of(input.getUid()), uids(step));
        }
    }

    private static void initialize(Block block, int side) {
        BlockWeights.initialize(block, manager, new Shape(1, 3, side, side), BlockWeights.drawn(new Random(1)));
    }

    private static NDArray noise(int side, NDManager owner) {
        float[] values = new float[2 * 3 * side * side];
        Random random = new Random(2);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return owner.create(values, new Shape(2, 3, side, side));
    }

    private static NDArray forward(Block block, NDArray input, boolean training) {
        return block.forward(new ParameterStore(manager, false), new NDList(input), training)
                .singletonOrThrow();
    }

    private static NDArray oneByOne(Block block, NDArray input) {
        if (!(block instanceof Sequence sequence)) {
            return forward(block, input, true);
        }
        NDArray current = input;
        for (Pair<String, Block> step : sequence.steps()) {
            current = oneByOne(step.getValue(), current);
        }
        return current;
    }

    /** The engine keeps the mask for the backward pass, when nothing in Java holds its buffer any more. */
    @Test
    void aDroppedValueHasNoGradientHoweverLateThatIsAsked() {
        try (NDManager manager = TorchEngine.newManager(1)) {
            NDArray input = manager.ones(new Shape(1, 100_000));
            input.setRequiresGradient(true);
            Block block = Layers.sequence(new Dropout(0.5f, Dropout.Unit.VALUE));
            float[] output;
            try (GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
                NDArray dropped = block.forward(new ParameterStore(manager, false), new NDList(input), true)
                        .singletonOrThrow();
                output = dropped.toFloatArray();
                for (int i = 0; i < 20; i++) {
                    System.gc();
                    ByteBuffer other = ByteBuffer.allocateDirect(400_000);
                    while (other.hasRemaining()) {
                        other.put((byte) 1);
                    }
                }
                gradients.backward(dropped.sum());
            }
            assertArrayEquals(output, input.getGradient().toFloatArray());
        }
    }

    /** As its mask above: a factor is needed by the backward pass. */
    @Test
    void aNumberOutlivesTheForwardPass() {
        try (NDManager manager = TorchEngine.newManager(1)) {
            NDArray input = manager.zeros(new Shape(1, 8));
            input.setRequiresGradient(true);
            Block block = Layers.hardSigmoid();
            try (GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
                NDArray output = block.forward(new ParameterStore(manager, false), new NDList(input), true)
                        .singletonOrThrow();
                for (int i = 0; i < 20; i++) {
                    System.gc();
                    for (int j = 0; j < 100; j++) {
                        ByteBuffer.allocateDirect(4).putInt(0, -1);
                    }
                }
                gradients.backward(output.sum());
            }
            assertEquals(1 / 6f, input.getGradient().toFloatArray()[3], 1e-6);
        }
    }

    private static Map<String, float[]> gradients(Block block, UnaryOperator<NDArray> run) {
        Map<String, float[]> values = new LinkedHashMap<>();
        try (NDManager step = manager.newSubManager();
                GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
            gradients.backward(run.apply(noise(8, step)).square().sum());
            StateDict.parameters(block).forEach((name, parameter) -> {
                if (parameter.requiresGradient()) {
                    try (NDArray gradient = parameter.getArray().getGradient()) {
                        values.put(name, gradient.toFloatArray());
                        gradient.subi(gradient);
                    }
                }
            });
        }
        return values;
    }

    private static Set<String> uids(NDManager owner) {
        return owner.getManagedArrays().stream().map(NDArray::getUid).collect(Collectors.toSet());
    }
}
