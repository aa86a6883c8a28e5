package dev.glint.onnx.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import dev.glint.exporter.testing.Networks;
import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.graph.ValueInfo;
import dev.glint.onnx.inference.OnnxSession;
import dev.glint.onnx.pass.GraphPass;
import dev.glint.onnx.quantize.calibrate.CalibrationRun;
import dev.glint.onnx.quantize.check.FusionCheck;
import dev.glint.onnx.quantize.check.FusionCheck.Unfused;
import dev.glint.onnx.quantize.plan.FloatReason;
import dev.glint.onnx.quantize.plan.Profile;
import dev.glint.onnx.quantize.plan.QuantizationPlan;
import dev.glint.onnx.quantize.plan.QuantizationPlan.Head;
import dev.glint.onnx.quantize.plan.SchemeChanges;
import dev.glint.onnx.testing.Graphs;
import dev.glint.onnx.testing.OnnxChecker;
import dev.glint.onnx.testing.RandomTensors;
import dev.glint.onnx.trace.Tracer;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.weights.block.StateDict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
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
        assertEquals(List.of(), unfused(model));
        assertTrue(model.relativeError() < 0.02, () -> "relative error " + model.relativeError());
        assertTrue(model.relativeError() > 0, "nothing was quantised");
    }

    @Test
    void convolutionsAdditionsAndPoolsBecomeIntegerOperators() {
        QuantizedModel model = QuantizedModel.of(graph(Networks.resNet(), 3, 28, 28), Head.FLOAT, 3, 28, 28);
        Map<String, Long> counts = model.operators();
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
        Map<String, Long> counts =
                QuantizedModel.of(graph, Head.FLOAT, 3, 16, 16).operators();
        assertEquals(4, counts.get("QLinearConv"));
        assertEquals(4, counts.get("QLinearMul"));
        assertEquals(1, counts.get("QLinearGlobalAveragePool"));
        assertEquals(1, counts.get("GlobalAveragePool"), "the head's");
        assertEquals(1, counts.get("DequantizeLinear"), "before the head");
    }

    @Test
    void headBecomesIntegerWhenAsked() {
        QuantizedModel model = QuantizedModel.of(graph(Networks.mobileNet(), 3, 28, 28), Head.INTEGER, 3, 28, 28);
        Map<String, Long> counts = model.operators();
        assertEquals(1, counts.get("QGemm"));
        assertEquals(1, counts.get("QLinearGlobalAveragePool"));
        assertFalse(counts.containsKey("DequantizeLinear"));
        assertFalse(counts.containsKey("Clip"));
    }

    @Test
    void linearLayersAloneBecomeIntegerWhenAsked() {
        Graph graph = graph(Networks.perceptron(), 3, 8, 8);
        assertEquals(Set.of(), plan(graph).integerNodes());
        QuantizedModel model = QuantizedModel.of(graph, Head.INTEGER, 3, 8, 8);
        assertEquals(2, model.operators().get("QGemm"));
        assertTrue(model.relativeError() < 0.02, () -> "relative error " + model.relativeError());
    }

    @Test
    void maxPoolTakesTheEncodingOfItsInput() {
        Graph graph = graph(Architecture.BAR_CNN.build(2), 1, 12, 12);
        QuantizationPlan plan = plan(graph);
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
        GraphIndex index = new GraphIndex(quantized);
        List<Node> relus = quantized.nodes().stream()
                .filter(node -> node.isOperator("Relu"))
                .toList();
        assertEquals(5, relus.size());
        for (Node relu : relus) {
            assertTrue(index.producer(relu.input(0)).orElseThrow().isOperator("Conv", "Add"), relu.toString());
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
        assertEquals(List.of(), unfused(model));
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

    @Test
    void namesOfTheUsersAreLeftAlone() {
        Graph graph = new Graphs()
                .constant("x_scale", Tensor.scalar(0.5f))
                .constant("a_dequantized", Tensor.scalar(3))
                .constant("a.weight_quantized", Tensor.scalar(2))
                .node("Mul", "half", "x", "x_scale")
                .convolution("a", "x", 2, 4, true)
                .node("Min", "lower", "a", "a_dequantized")
                .node("Min", "lowest", "lower", "a.weight_quantized")
                .convolution("b", "half", 2, 4, true)
                .node("Concat", "y", Map.of("axis", Attribute.integer(1)), "lowest", "b")
                .build(4);
        QuantizedModel model = QuantizedModel.of(graph, Head.FLOAT, 2, 6, 6);
        Map<String, Tensor> constants = model.integers().graph().initializers();
        for (String name : List.of("x_scale", "a_dequantized", "a.weight_quantized")) {
            assertEquals(graph.initializers().get(name), constants.get(name), name);
        }
        OnnxChecker.check(model.integers());
        assertTrue(model.relativeError() < 0.05, () -> "relative error " + model.relativeError());
    }

    /** Two to the power of 40 paths lead from the first residual block to the last. */
    @Test
    void pathsWithoutNumberArePlannedInNoTime() {
        Graphs graphs = new Graphs().convolution("a", "x", 2, 4, true).node("GlobalAveragePool", "pool", "a");
        String value = "pool";
        for (int block = 0; block < 40; block++) {
            graphs.node("Softplus", "branch" + block, value).node("Add", "sum" + block, value, "branch" + block);
            value = "sum" + block;
        }
        Graph graph = graphs.node("Softplus", "y", value).build(4);
        QuantizationPlan plan =
                assertTimeoutPreemptively(Duration.ofMinutes(1), () -> plan(graph), "walks along every path");
        assertEquals(Set.of("a"), plan.integerNodes());
        assertEquals(FloatReason.HEAD, plan.floatNodes().get("pool"));
    }

    /** A runtime that is made to hand out a value in float cannot compute it in integers. */
    @Test
    void whatARuntimeDoesNotFuseGoesBackToFloat() {
        Graph graph = new Graphs()
                .convolution("a", "x", 2, 4, true)
                .node("MaxPool", "b", Map.of("kernel_shape", Attribute.integers(List.of(2L, 2L))), "a")
                .node("Relu", "c", "b")
                .convolution("d", "c", 4, 4, true)
                .node("Sigmoid", "e", "d")
                .convolution("y", "e", 4, 3, true)
                .build(4);
        QuantizedModel whole = QuantizedModel.of(graph, Head.FLOAT, 2, 6, 6);
        assertEquals(Map.of(), whole.plan().floatNodes());
        for (String node : List.of("d", "e")) {
            QuantizedModel model = QuantizedModel.of(
                    graph, Profile.int8(Head.FLOAT), quantized -> handingOut(node, quantized), 2, 6, 6);
            assertEquals(FloatReason.UNFUSED, model.plan().floatNodes().get(node));
            assertTrue(model.plan().integerNodes().containsAll(Set.of("a", "b", "c", "y")));
            OnnxChecker.check(model.integers());
            assertEquals(List.of(), unfused(model));
            assertTrue(model.relativeError() < 0.05, () -> "relative error " + model.relativeError());
        }
    }

    private static OnnxModel handingOut(String value, OnnxModel quantized) {
        List<ValueInfo> outputs = new ArrayList<>(quantized.graph().outputs());
        outputs.add(new ValueInfo(value, ElementType.FLOAT, null));
        return OnnxSession.optimized(quantized.withGraph(quantized.graph().withOutputs(outputs)));
    }

    @Test
    void graphOfWhichNothingFusesStaysAsItWas() {
        Graph graph = new Graphs().convolution("y", "x", 2, 3, true).build(4);
        OnnxModel floats = OnnxModel.fromGraph(graph, Map.of());
        Quantizer.Result result = new Quantizer(
                        floats,
                        new CalibrationRun(new RandomTensors(1, 1, 2, 6, 6), done -> {}),
                        Optional.empty(),
                        quantized -> quantized)
                .quantize(QuantizerOptions.minmax(Profile.int8(Head.FLOAT)));
        assertEquals(floats, result.model());
        assertEquals(Map.of("y", FloatReason.UNFUSED), result.plan().floatNodes());
    }

    private static Tensor zeros(long... shape) {
        List<Long> dimensions = Arrays.stream(shape).boxed().toList();
        return Tensor.floats(dimensions, new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)]);
    }

    private static List<Unfused> unfused(QuantizedModel model) {
        return FusionCheck.unfused(
                model.integers(), model.optimized(), model.plan().integerNodes());
    }

    private static Graph graph(Block block, long... picture) {
        try (NDManager manager = TorchEngine.newManager(1)) {
            Networks.initialized(block, manager, picture);
            return GraphPass.applyAll(
                    GraphPass.standard(), Tracer.trace(block, manager, StateDict.parameters(block), "input", picture));
        }
    }

    private static QuantizationPlan plan(Graph graph) {
        return QuantizationPlan.derive(new GraphIndex(graph), Profile.int8(Head.FLOAT), SchemeChanges.NONE, Map.of());
    }
}
