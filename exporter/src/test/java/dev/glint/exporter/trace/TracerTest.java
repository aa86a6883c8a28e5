package dev.glint.exporter.trace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.LayerNorm;
import dev.glint.exporter.graph.Graph;
import dev.glint.exporter.graph.Node;
import dev.glint.exporter.graph.OnnxModel;
import dev.glint.exporter.graph.OnnxWriter;
import dev.glint.exporter.testing.Differential;
import dev.glint.exporter.testing.Networks;
import dev.glint.exporter.testing.Operators;
import dev.glint.runtime.failure.GlintException;
import dev.glint.trainer.model.Architecture;
import java.util.List;
import java.util.Map;
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
    @MethodSource("dev.glint.exporter.testing.Operators#operators")
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
        assertTrue(message.contains("NDArray.cumSum(int), called by Operators.lambda"), message);
        assertTrue(message.contains("after parameter 01Conv2d.bias"), message);
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
        assertTrue(refusal(x -> x.add(x.getManager().zeros(x.getShape()))).contains("depends on the number"));
    }

    @Test
    void changingAConstantIsRefused() {
        String message = refusal(x -> x.getManager().zeros(x.getShape()).addi(x));
        assertTrue(message.contains("NDArray.addi(NDArray) (it changes a constant)"), message);
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
