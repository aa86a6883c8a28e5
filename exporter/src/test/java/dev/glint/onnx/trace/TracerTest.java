package dev.glint.onnx.trace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.LayerNorm;
import dev.glint.exporter.testing.Differential;
import dev.glint.exporter.testing.Networks;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.OnnxWriter;
import dev.glint.onnx.testing.Operators;
import dev.glint.onnx.testing.OwnWeights;
import dev.glint.runtime.failure.GlintException;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.model.Sequence;
import dev.glint.trainer.weights.block.BlockWeights;
import dev.glint.trainer.weights.block.StateDict;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TracerTest {
    static Stream<Named<Block>> networks() {
        return Stream.of(
                Named.of("LeNet", Networks.leNet()),
                Named.of("ResNet", Networks.resNet()),
                Named.of("SqueezeNet", Networks.squeezeNet()),
                Named.of("MobileNetV2", Networks.mobileNet()),
                Named.of("squeeze and excitation", Networks.squeezeAndExcitation()),
                Named.of("hard swish", Networks.hardSwish()),
                Named.of("perceptron", Networks.perceptron()));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void wellKnownNetworks(Block block) {
        Differential.check(block, 3, 28, 28);
    }

    @ParameterizedTest
    @MethodSource("dev.glint.onnx.testing.Operators#operators")
    void operatorsInLambdas(UnaryOperator<NDArray> operator) {
        Differential.check(network(operator), 4, 4, 4);
    }

    static Stream<Named<Block>> layers() {
        return Stream.of(
                Named.of(
                        "dilated, strided and padded by side",
                        Conv2d.builder()
                                .setFilters(6)
                                .setKernelShape(new Shape(3, 2))
                                .optStride(new Shape(2, 1))
                                .optPadding(new Shape(2, 1))
                                .optDilation(new Shape(2, 1))
                                .optGroups(2)
                                .build()),
                Named.of("layer norm", LayerNorm.builder().build()),
                Named.of("batch norm alone", BatchNorm.builder().build()),
                Named.of(
                        "batch norm of the last axis",
                        BatchNorm.builder().optAxis(3).build()),
                Named.of(
                        "batch norm without scale and shift",
                        BatchNorm.builder().optScale(false).optCenter(false).build()),
                Named.of(
                        "linear over the last axis",
                        Linear.builder().setUnits(5).build()),
                Named.of("a layer used twice", Networks.twice(Networks.convolution(4, 3, 1, 1, 1, true))));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void singleLayers(Block layer) {
        Differential.check(new SequentialBlock().add(layer).add(head()), 4, 4, 4);
    }

    @Test
    void nodesAndWeightsHaveTheNamesOfPyTorch() {
        Graph graph = Differential.check(Architecture.SMALL_VGG.build(10), 3, 8, 8);
        List<String> names = graph.nodes().stream().map(Node::name).toList();
        assertTrue(names.containsAll(List.of("features.0", "features.3", "classifier")), names::toString);
        assertTrue(graph.initializers().keySet().containsAll(List.of("features.0.weight", "classifier.bias")));
    }

    @Test
    void sameBlockSameGraph() {
        byte[] one = OnnxWriter.write(OnnxModel.fromGraph(Differential.check(Networks.resNet(), 3, 28, 28), Map.of()));
        byte[] two = OnnxWriter.write(OnnxModel.fromGraph(Differential.check(Networks.resNet(), 3, 28, 28), Map.of()));
        assertArrayEquals(one, two);
    }

    @Test
    void operatorWithoutCounterpartIsNamed() {
        String message = refusal(Operators.UNSUPPORTED);
        assertTrue(message.contains("NDArray.cumProd(int), called by Operators.lambda"), message);
        assertTrue(message.contains("after parameter 01Conv2d.bias"), message);
        assertTrue(message.contains("add a rule for cumProd(int) to RuleBook in dev.glint.onnx.trace"), message);
    }

    @Test
    void valueThatSteersTheBlockIsRefused() {
        String message = refusal(x -> x.mean().getFloat() > 0 ? x.neg() : x);
        assertTrue(message.contains("NDArray."), message);
        String read = refusal(x -> x.toFloatArray()[0] > 0 ? x.neg() : x);
        assertTrue(read.contains("NDArray.toByteBuffer(boolean), which reads values"), read);
    }

    @Test
    void batchSizeInSeveralPlacesIsRefused() {
        assertTrue(refusal(x -> x.mul(x.size(0))).contains("depends on the number of pictures"));
        assertTrue(refusal(x -> x.add(x.getManager().arange(x.size()).reshape(x.getShape())))
                .contains("depends on the number"));
    }

    @Test
    void changingAConstantIsRefused() {
        String message = refusal(x -> x.getManager().zeros(x.getShape()).addi(x));
        assertTrue(message.contains("NDArray.addi(NDArray) (it changes a constant)"), message);
    }

    @Test
    void viewIsNotUsedOnceItsArrayWasChanged() {
        String message = refusal(x -> {
            x.reshape(-1, 16).addi(10);
            return x.neg();
        });
        assertTrue(message.contains("NDArray.neg() with an array whose memory was changed in place"), message);
        assertTrue(message.contains("as add does in place of addi"), message);
        String part = refusal(x -> {
            NDArray first = x.get(":, 0");
            x.muli(2);
            return first;
        });
        assertTrue(part.contains("changed in place"), part);
    }

    @Test
    void viewThatAloneIsUsedMayBeChanged() {
        Differential.check(network(x -> x.reshape(-1, 64).addi(10)), 4, 4, 4);
    }

    @Test
    void weightsStayAsTheyAre() {
        for (UnaryOperator<NDArray> change : List.<UnaryOperator<NDArray>>of(
                weight -> weight.muli(2), weight -> weight.reshape(-1).addi(1).reshape(weight.getShape()))) {
            try (NDManager manager = TorchEngine.newManager(1)) {
                Block layer = new OwnWeights(1, (x, weights) -> x.mul(change.apply(weights.get(0))));
                Block block = new SequentialBlock().add(layer).add(head());
                assertUnchanged(Networks.initialized(block, manager, 4, 4, 4), manager);
            }
        }
    }

    @Test
    void weightsStayAsTheyAreIfThePictureIsAddedToThem() {
        try (NDManager manager = TorchEngine.newManager(1)) {
            Block layer = new OwnWeights(1, (x, weights) -> weights.get(0).addi(x));
            Block block = new SequentialBlock().add(layer).add(head());
            assertUnchanged(Networks.initialized(block, manager, 4, 4, 4), manager);
        }
    }

    private static void assertUnchanged(Block block, NDManager manager) {
        NDArray weight = block.getParameters().get(0).getValue().getArray();
        float[] before = weight.toFloatArray();
        GlintException refused = assertThrows(
                GlintException.class,
                () -> Tracer.trace(block, manager, StateDict.parameters(block), "input", 4, 4, 4));
        assertTrue(refused.getMessage().contains("(it changes an array of the block's own)"), refused.getMessage());
        assertArrayEquals(before, weight.toFloatArray());
    }

    @Test
    void picturesThatAreMixedAreRefused() {
        for (UnaryOperator<NDArray> mix : List.<UnaryOperator<NDArray>>of(
                x -> x.sub(x.mean(new int[] {0}, true)),
                x -> x.softmax(0),
                x -> x.sub(x.get("0:1")),
                x -> x.reshape(4, -1, 4, 4).transpose(1, 0, 2, 3))) {
            String message = refusal(mix);
            assertTrue(message.contains("otherwise for the same picture when others are beside it"), message);
        }
    }

    @Test
    void childrenThatAreNotRegisteredKeepTheirOwnWeights() {
        Block first = Networks.convolution(4, 3, 1, 1, 1, true);
        Block second = Networks.convolution(4, 3, 1, 1, 1, true);
        try (NDManager manager = TorchEngine.newManager(1)) {
            Networks.initialized(first, manager, 4, 4, 4);
            BlockWeights.initialize(second, manager, new Shape(1, 4, 4, 4), BlockWeights.drawn(new Random(8)));
            Block hidden = Networks.hiding(first, second);
            Block block = Networks.initialized(new SequentialBlock().add(hidden).add(head()), manager, 4, 4, 4);
            Graph graph = Differential.checkInitialized(block, manager, 4, 4, 4);
            assertTrue(graph.initializers().keySet().containsAll(List.of("weight", "weight_2")), graph::toString);
        }
    }

    @Test
    void namesOfParametersAreTheirs() {
        List<String> names = List.of("exp_output", "constant", "flatten", "input", "logits");
        Block block = new OwnWeights(names, (x, weights) -> {
            NDArray y = x.exp().mul(2);
            for (NDArray weight : weights) {
                y = y.add(weight);
            }
            return y.reshape(y.size(0), -1);
        });
        Graph graph = Differential.check(block, 4, 4, 4);
        assertEquals(
                Set.of("exp_output", "constant", "flatten", "input_2", "logits_2", "constant_2"),
                graph.initializers().keySet());
    }

    @Test
    void blockWithSeveralWeightsIsTraced() {
        Block layer = new OwnWeights(2, (x, weights) -> x.mul(weights.get(0)).add(weights.get(1)));
        Graph graph = Differential.check(new Sequence().add("own", layer).add("head", head()), 4, 4, 4);
        assertTrue(graph.initializers().keySet().containsAll(List.of("own.w0", "own.w1")), graph::toString);
    }

    @Test
    void classTokenIsStretchedToTheBatch() {
        Block token = new OwnWeights(1, (x, weights) -> x.concat(weights.get(0).broadcast(x.getShape()), 1));
        Differential.check(new SequentialBlock().add(token).add(head()), 4, 4, 4);
    }

    @Test
    void constantOfTheBlockInFrontIsNamed() {
        try (NDManager manager = TorchEngine.newManager(1)) {
            NDArray constant = manager.create(new float[] {1, 2, 3, 4});
            Differential.check(network(x -> x.mul(constant)), 4, 4, 4);
            String message = refusal(constant::sub);
            assertTrue(message.contains("NDArray.sub on an array that the block holds itself"), message);
            assertTrue(message.contains("as a Parameter of the block"), message);
        }
    }

    @Test
    void rulesAreForMethodsThatThereAre() {
        RuleBook book = new RuleBook();
        book.add("relu", Arguments.None.class, (call, none) -> {});
        assertEquals(
                "rule relu(): there are two",
                assertThrows(
                                IllegalStateException.class,
                                () -> book.add("relu", Arguments.None.class, (call, none) -> {}))
                        .getMessage());
        assertEquals(
                "rule relu(int): arrays have no such method",
                assertThrows(
                                IllegalStateException.class,
                                () -> book.add("relu", Arguments.Axis.class, (call, axis) -> {}))
                        .getMessage());
    }

    private static String refusal(UnaryOperator<NDArray> operator) {
        GlintException refused =
                assertThrows(GlintException.class, () -> Differential.check(network(operator), 4, 4, 4));
        assertEquals(GlintException.Reason.MODEL, refused.reason());
        return String.valueOf(refused.getMessage());
    }

    private static Block network(UnaryOperator<NDArray> operator) {
        return new SequentialBlock()
                .add(Networks.convolution(4, 1, 1, 0, 1, true))
                .add(LambdaBlock.singleton(operator::apply))
                .add(head());
    }

    private static Block head() {
        return new SequentialBlock()
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(3).build());
    }
}
