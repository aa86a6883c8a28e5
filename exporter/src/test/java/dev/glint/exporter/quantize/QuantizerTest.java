package dev.glint.exporter.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import dev.glint.exporter.graph.Graph;
import dev.glint.exporter.graph.Node;
import dev.glint.exporter.graph.OnnxModel;
import dev.glint.exporter.graph.Tensor;
import dev.glint.exporter.inference.OnnxSession;
import dev.glint.exporter.pass.GraphPass;
import dev.glint.exporter.quantize.QuantizationPlan.Head;
import dev.glint.exporter.testing.Graphs;
import dev.glint.exporter.testing.Networks;
import dev.glint.exporter.testing.OnnxChecker;
import dev.glint.exporter.testing.QuantizedModel;
import dev.glint.exporter.trace.Tracer;
import dev.glint.exporter.verify.FusionCheck;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.model.Architecture;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class QuantizerTest {

    static Stream<Arguments> networks() {
        Map<String, Supplier<Block>> networks = Map.of(
                "BarCnn", () -> Architecture.BAR_CNN.build(2),
                "SmallVgg", () -> Architecture.SMALL_VGG.build(10),
                "ResNet", Networks::resNet,
                "SqueezeNet", Networks::squeezeNet,
                "MobileNet", Networks::mobileNet,
                "LeNet", Networks::leNet,
                "SqueezeAndExcitation", Networks::squeezeAndExcitation,
                "HardSwish", Networks::hardSwish);
        return new TreeSet<>(networks.keySet())
                .stream()
                        .flatMap(name -> Arrays.stream(Head.values())
                                .map(head -> Arguments.argumentSet(name + " " + head, networks.get(name), head)));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void networksFuseWholeAndStayClose(Supplier<Block> network, Head head) {
        QuantizedModel model = QuantizedModel.of(graph(network.get(), 3, 28, 28), head, 3, 28, 28);
        OnnxChecker.check(model.integers());
        assertEquals(
                List.of(), FusionCheck.unfused(model.integers(), model.plan().integerNodes()));
        assertTrue(model.relativeError() < 0.02, () -> "relative error " + model.relativeError());
        assertTrue(model.relativeError() > 0, "nothing was quantised");
    }

    @Test
    void convolutionsAdditionsAndPoolsBecomeIntegerOperators() {
        QuantizedModel model = QuantizedModel.of(graph(Networks.resNet(), 3, 28, 28), Head.FLOAT, 3, 28, 28);
        Map<String, Long> counts = operators(OnnxSession.optimized(model.integers()));
        assertEquals(6, counts.get("QLinearConv"));
        assertEquals(2, counts.get("QLinearAdd"));
        assertEquals(1, counts.get("NhwcMaxPool"));
        assertEquals(1, counts.get("QuantizeLinear"), "the input");
        assertEquals(1, counts.get("DequantizeLinear"), "before the float head");
        for (String vanished : Set.of("Conv", "Relu", "MaxPool", "Add", "FusedConv")) {
            assertFalse(counts.containsKey(vanished), vanished);
        }
    }

    @Test
    void squeezeAndExcitationStaysInIntegers() {
        Graph graph = graph(Networks.squeezeAndExcitation(), 3, 16, 16);
        Map<String, Long> counts = operators(OnnxSession.optimized(
                QuantizedModel.of(graph, Head.FLOAT, 3, 16, 16).integers()));
        assertEquals(4, counts.get("QLinearConv"));
        assertEquals(4, counts.get("QLinearMul"));
        assertEquals(1, counts.get("QLinearGlobalAveragePool"));
        assertEquals(1, counts.get("GlobalAveragePool"), "the head's");
        assertEquals(1, counts.get("DequantizeLinear"), "before the head");
    }

    @Test
    void headBecomesIntegerWhenAsked() {
        QuantizedModel model = QuantizedModel.of(graph(Networks.mobileNet(), 3, 28, 28), Head.INTEGER, 3, 28, 28);
        Map<String, Long> counts = operators(OnnxSession.optimized(model.integers()));
        assertEquals(1, counts.get("QGemm"));
        assertEquals(1, counts.get("QLinearGlobalAveragePool"));
        assertFalse(counts.containsKey("DequantizeLinear"));
        assertFalse(counts.containsKey("Clip"));
    }

    @Test
    void linearLayersAloneBecomeIntegerWhenAsked() {
        Graph graph = graph(Networks.perceptron(), 3, 8, 8);
        assertEquals(Set.of(), QuantizationPlan.derive(graph, Head.FLOAT).integerNodes());
        QuantizedModel model = QuantizedModel.of(graph, Head.INTEGER, 3, 8, 8);
        assertEquals(2, operators(OnnxSession.optimized(model.integers())).get("QGemm"));
        assertTrue(model.relativeError() < 0.02, () -> "relative error " + model.relativeError());
    }

    @Test
    void maxPoolTakesTheEncodingOfItsInput() {
        Graph graph = graph(Architecture.BAR_CNN.build(2), 1, 12, 12);
        QuantizationPlan plan = QuantizationPlan.derive(graph, Head.FLOAT);
        Graph quantized =
                QuantizedModel.of(graph, Head.FLOAT, 1, 12, 12).integers().graph();
        Node pool = graph.nodes().stream()
                .filter(node -> node.isOperator("MaxPool"))
                .findFirst()
                .orElseThrow();
        assertEquals(pool.input(0), plan.values().get(pool.output()));
        assertFalse(plan.calibrated().contains(pool.output()));
        assertEquals(
                quantized.initializers().get(pool.input(0) + "_scale"),
                quantized.initializers().get(pool.output() + "_scale"));
    }

    @Test
    void nothingStandsBetweenConvolutionAndRelu() {
        Graph quantized = QuantizedModel.of(graph(Networks.resNet(), 3, 28, 28), Head.FLOAT, 3, 28, 28)
                .integers()
                .graph();
        Map<String, Node> producers = quantized.producers();
        List<Node> relus = quantized.nodes().stream()
                .filter(node -> node.isOperator("Relu"))
                .toList();
        assertEquals(5, relus.size());
        for (Node relu : relus) {
            assertTrue(producers.get(relu.input(0)).isOperator("Conv", "Add"), relu.toString());
            byte[] zeroPoint =
                    quantized.initializers().get(relu.output() + "_zero_point").data();
            assertEquals(0, zeroPoint[0]);
        }
    }

    @Test
    void layersOfZerosAndDeadChannelsSurvive() {
        Graph graph = new Graphs()
                .constant("a.w", zeros(3, 2, 3, 3))
                .constant("a.b", Tensor.floats(List.of(3L), 0.5f, 0, -1))
                .node("Conv", "a", Map.of(), "x", "a.w", "a.b")
                .node("Relu", "b", "a")
                .convolution("c", "b", 3, 4, true)
                .node("Relu", "y", "c")
                .build(4);
        QuantizedModel model = QuantizedModel.of(graph, Head.FLOAT, 2, 6, 6);
        OnnxChecker.check(model.integers());
        assertEquals(
                List.of(), FusionCheck.unfused(model.integers(), model.plan().integerNodes()));
        assertTrue(model.relativeError() < 0.02, () -> "relative error " + model.relativeError());
    }

    @Test
    void valuesThatAreAlwaysZeroSurvive() {
        Graph graph = new Graphs()
                .constant("a.w", zeros(3, 2, 1, 1))
                .constant("a.b", Tensor.floats(List.of(3L), -1, -2, -3))
                .node("Conv", "a", Map.of(), "x", "a.w", "a.b")
                .node("Relu", "b", "a")
                .convolution("y", "b", 3, 4, true)
                .build(4);
        QuantizedModel model = QuantizedModel.of(graph, Head.FLOAT, 2, 6, 6);
        assertTrue(model.relativeError() < 0.02, () -> "relative error " + model.relativeError());
    }

    @Test
    void sharedWeightsServeTwoInputs() {
        Graph graph = new Graphs()
                .convolution("a", "x", 2, 2, true)
                .node("Relu", "b", "a")
                .node("Conv", "y", Map.of(), "b", "a.w", "a.b")
                .build(4);
        QuantizedModel model = QuantizedModel.of(graph, Head.FLOAT, 2, 6, 6);
        OnnxChecker.check(model.integers());
        assertTrue(model.relativeError() < 0.02, () -> "relative error " + model.relativeError());
    }

    private static Tensor zeros(long... shape) {
        List<Long> dimensions = Arrays.stream(shape).boxed().toList();
        return Tensor.floats(dimensions, new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)]);
    }

    private static Map<String, Long> operators(OnnxModel model) {
        return model.graph().nodes().stream().collect(Collectors.groupingBy(Node::op, Collectors.counting()));
    }

    private static Graph graph(Block block, long... picture) {
        try (NDManager manager = TorchEngine.newManager(1)) {
            Networks.initialized(block, manager, picture);
            return GraphPass.applyAll(GraphPass.standard(), Tracer.trace(block, manager, "input", picture));
        }
    }
}
