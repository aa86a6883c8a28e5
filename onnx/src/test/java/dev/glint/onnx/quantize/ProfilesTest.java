package dev.glint.onnx.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.OnnxWriter;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.quantize.calibrate.Calibrator;
import dev.glint.onnx.quantize.plan.FloatReason;
import dev.glint.onnx.quantize.plan.PlanOverrides;
import dev.glint.onnx.quantize.plan.Profile;
import dev.glint.onnx.quantize.plan.QuantizationPlan.Head;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.onnx.testing.Graphs;
import dev.glint.onnx.testing.OnnxChecker;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each profile with each pattern that networks have, through ONNX Runtime as it is. */
class ProfilesTest {
    /** What bytes cost graphs of large random weights, as a share of the output; an activation left out or done twice, more. */
    private static final Map<String, Double> BOUNDS = Map.of("fp16", 0.003, "int8-tensorrt", 0.12);

    static Stream<Arguments> profilesAndPatterns() {
        return Profile.all(Head.FLOAT).stream()
                .flatMap(profile ->
                        Patterns.all().keySet().stream().map(pattern -> Arguments.of(profile.name(), pattern)));
    }

    @ParameterizedTest
    @MethodSource("profilesAndPatterns")
    void runsAndAnswersAlike(String profile, String pattern) {
        QuantizedModel model = QuantizedModel.of(Patterns.all().get(pattern), profile(profile), 2, 6, 6);
        OnnxChecker.check(model.integers());
        double error = model.relativeError();
        assertTrue(error < BOUNDS.getOrDefault(profile, 0.08), () -> "relative error " + error);
        assertTrue(error > 0, "nothing was quantised");
        assertTrue(
                model.plan().integerNodes().contains("a"),
                () -> model.plan().floatNodes().toString());
    }

    @Test
    void ofTheFastestProfileEverythingButTheNormFuses() {
        for (Map.Entry<String, Graph> pattern : Patterns.all().entrySet()) {
            Map<String, Long> operators = QuantizedModel.of(pattern.getValue(), profile("int8"), 2, 6, 6)
                    .operators();
            Set<String> floats = operators.keySet().stream()
                    .filter(op -> !op.startsWith("QLinear"))
                    .filter(op -> !Set.of("QuantizeLinear", "DequantizeLinear", "NhwcMaxPool", "Transpose")
                            .contains(op))
                    .collect(Collectors.toSet());
            Set<String> meant = switch (pattern.getKey()) {
                case "norm that stays" -> Set.of("BatchNormalization", "Relu");
                case "clip above zero" -> Set.of("Clip");
                case "linear head" -> Set.of("GlobalAveragePool", "Flatten", "Gemm");
                default -> Set.of();
            };
            assertTrue(meant.containsAll(floats), () -> pattern.getKey() + ": " + operators);
        }
    }

    @Test
    void signedActivationsFuseAsOnArmAndNeverMeetUnsignedWeights() {
        QuantizedModel model = QuantizedModel.of(Patterns.all().get("residual"), profile("int8-s8s8"), 2, 6, 6);
        assertEquals(3, model.operators().get("QLinearConv"));
        assertFalse(model.operators().containsKey("Relu"), "a zero point of -128 makes it vanish");
        for (Node node : model.integers().graph().nodes()) {
            if (node.isOperator("QuantizeLinear", "DequantizeLinear")) {
                ElementType type = new GraphIndex(model.integers().graph())
                        .constant(node.input(2))
                        .orElseThrow()
                        .type();
                assertTrue(type == ElementType.INT8 || type == ElementType.INT32, () -> node + " of " + type);
            }
        }
    }

    @Test
    void weightsPerTensorHaveOneScaleAndReducedOnesSevenBits() {
        Graph perTensor = QuantizedModel.of(Patterns.all().get("relu"), profile("int8-per-tensor"), 2, 6, 6)
                .integers()
                .graph();
        assertEquals(1, constant(perTensor, "a.weight_scale").size());
        Graph perChannel = QuantizedModel.of(Patterns.all().get("relu"), profile("int8"), 2, 6, 6)
                .integers()
                .graph();
        assertEquals(4, constant(perChannel, "a.weight_scale").size());
        assertEquals(127, largest(constant(perChannel, "a.weight_quantized")));
        Graph reduced = QuantizedModel.of(Patterns.all().get("relu"), profile("int8-reduced"), 2, 6, 6)
                .integers()
                .graph();
        assertEquals(63, largest(constant(reduced, "a.weight_quantized")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"residual", "residual with a projection"})
    void tensorRtGetsSymmetricInputsAndFloatBiases(String pattern) {
        QuantizedModel model = QuantizedModel.of(Patterns.all().get(pattern), profile("int8-tensorrt"), 2, 6, 6);
        GraphIndex index = new GraphIndex(model.integers().graph());
        for (Node node : index.graph().nodes()) {
            if (node.isOperator("Conv")) {
                assertTrue(isDecoded(index, node.input(0)) && isDecoded(index, node.input(1)), node::toString);
                assertEquals(
                        ElementType.FLOAT,
                        index.constant(node.input(2)).orElseThrow().type());
            } else if (node.isOperator("QuantizeLinear")) {
                assertEquals(0, index.constant(node.input(2)).orElseThrow().data()[0], "zero point");
                assertFalse(index.consumers(node.input(0)).stream().anyMatch(taker -> taker.isOperator("Relu")));
            } else if (node.isOperator("Add")) {
                assertTrue(isDecoded(index, node.input(1)), "what is added to the convolution");
                assertFalse(isDecoded(index, node.input(0)), "nothing between the convolution and the sum");
            }
        }
    }

    private static boolean isDecoded(GraphIndex index, String value) {
        return index.producer(value)
                .filter(node -> node.isOperator("DequantizeLinear"))
                .isPresent();
    }

    @Test
    void weightsAloneLeaveTheArithmeticInFloat() {
        QuantizedModel model = QuantizedModel.of(Patterns.all().get("linear head"), profile("int8-weights"), 2, 6, 6);
        assertFalse(model.integers().graph().nodes().stream().anyMatch(node -> node.isOperator("QuantizeLinear")));
        assertEquals(Set.of("a", "y"), model.plan().integerNodes());
        assertEquals(Set.of(), model.plan().calibrated());
    }

    @Test
    void dynamicOnesAreNotCalibrated() {
        QuantizedModel model = QuantizedModel.of(Patterns.all().get("linear head"), profile("int8-dynamic"), 2, 6, 6);
        assertEquals(Set.of(), model.plan().calibrated());
        assertTrue(model.integers().graph().nodes().stream().anyMatch(node -> node.isOperator("ConvInteger")));
        assertTrue(model.integers().graph().nodes().stream().anyMatch(node -> node.isOperator("MatMulInteger")));
    }

    @Test
    void whatDoesNotFitHalvesStaysInFloat() {
        Graph graph = new Graphs()
                .convolution("a", "x", 2, 4, true)
                .constant("huge", Tensor.scalar(1e5f))
                .constant("tiny", Tensor.scalar(1e-5f))
                .constant("large", Tensor.scalar(3e4f))
                .node("Mul", "b", "a", "huge")
                .node("Mul", "c", "b", "tiny")
                .node("Mul", "d", "c", "large")
                .node("Div", "e", "d", "large")
                .convolution("y", "e", 4, 3, true)
                .build(4);
        QuantizedModel model = QuantizedModel.of(graph, profile("fp16"), 2, 6, 6);
        assertEquals(
                Map.of(
                        "b", FloatReason.OVERFLOW,
                        "c", FloatReason.OVERFLOW,
                        "d", FloatReason.OVERFLOW,
                        "e", FloatReason.OVERFLOW),
                model.plan().floatNodes());
        OnnxChecker.check(model.integers());
        assertTrue(model.relativeError() < 0.003, () -> "relative error " + model.relativeError());
    }

    @Test
    void planSaysOfEachTensorAndNodeWhatBecomesOfIt() {
        QuantizedModel model = QuantizedModel.of(Patterns.all().get("norm that stays"), profile("int8"), 2, 6, 6);
        JsonObject json = model.draft().toJson();
        assertEquals("qdq-u8-s8-per-channel", json.get("scheme").getAsString());
        JsonObject activation = json.getAsJsonObject("activations").getAsJsonObject("r");
        assertEquals("u8", activation.get("type").getAsString());
        assertEquals("asymmetric", activation.get("symmetry").getAsString());
        assertEquals("per-tensor", activation.get("granularity").getAsString());
        Range range = model.draft().ranges().get("r");
        assertEquals(
                List.of(range.min(), range.max()),
                activation.getAsJsonArray("range").asList().stream()
                        .map(JsonElement::getAsFloat)
                        .toList());
        assertEquals(range.max() / 255, activation.get("scale").getAsFloat());
        assertEquals(0, activation.get("zeroPoint").getAsInt());
        assertEquals(
                "{\"type\":\"s8\",\"symmetry\":\"symmetric\",\"granularity\":\"per-channel\"}",
                json.getAsJsonObject("weights").get("a").toString());
        JsonObject nodes = json.getAsJsonObject("nodes");
        assertEquals("{\"type\":\"integer\"}", nodes.get("a").toString());
        assertEquals(
                "{\"type\":\"float\",\"reason\":\"its operator has no integer form\"}",
                nodes.get("b").toString());
    }

    @Test
    void planSaysWhatDecidesARangeAndWhereANodeVanishes() {
        JsonObject pooled = json("max-pool");
        assertEquals("int8", pooled.get("profile").getAsString());
        assertEquals("glint.plan/1", pooled.get("schema").getAsString());
        JsonObject behind = pooled.getAsJsonObject("activations").getAsJsonObject("b");
        assertEquals("a", behind.get("decidedBy").getAsString());
        assertFalse(behind.has("factor"));

        JsonObject nodes = json("relu").getAsJsonObject("nodes");
        assertEquals(
                "{\"type\":\"integer\",\"vanishesIn\":\"a\"}", nodes.get("b").toString());

        JsonObject scaled = json("scaled").getAsJsonObject("activations").getAsJsonObject("b");
        assertEquals("a", scaled.get("decidedBy").getAsString());
        assertEquals(1 / 3f, scaled.get("factor").getAsFloat());
    }

    private static JsonObject json(String pattern) {
        return QuantizedModel.of(Patterns.all().get(pattern), profile("int8"), 2, 6, 6)
                .draft()
                .toJson();
    }

    @Test
    void aBoundThatDoesNotFitHalvesStaysInFloat() {
        Graph graph = new Graphs()
                .convolution("a", "x", 2, 4, true)
                .constant("low", Tensor.scalar(0))
                .constant("high", Tensor.scalar(1e5f))
                .node("Clip", "b", "a", "low", "high")
                .convolution("y", "b", 4, 3, true)
                .build(4);
        QuantizedModel model = QuantizedModel.of(graph, profile("fp16"), 2, 6, 6);
        assertEquals(Map.of("b", FloatReason.OVERFLOW), model.plan().floatNodes());
    }

    static Stream<Arguments> profilesAndSomePatterns() {
        return Profile.all(Head.FLOAT).stream()
                .flatMap(profile -> Stream.of("relu6", "residual", "norm that stays")
                        .map(pattern -> Arguments.of(profile.name(), pattern)));
    }

    @ParameterizedTest
    @MethodSource("profilesAndSomePatterns")
    void planThatIsReadAgainGivesTheSameModel(String profile, String pattern) {
        Graph graph = Patterns.all().get(pattern);
        QuantizedModel model = QuantizedModel.of(graph, profile(profile), 2, 6, 6);
        PlanOverrides plan = PlanOverrides.read(model.draft().toJson().toString());
        Map<String, FloatReason> floats = new LinkedHashMap<>();
        plan.nodes().forEach((name, reason) -> reason.ifPresent(why -> floats.put(name, why)));
        assertEquals(model.plan().floatNodes(), floats);
        QuantizerOptions options = QuantizerOptions.minmax(profile(profile))
                .withCalibrators(List.of(Calibrator.percentile(70)))
                .withFloatNodes(floats)
                .withSchemes(plan.schemes())
                .withGivenRanges(plan.ranges());
        assertArrayEquals(
                OnnxWriter.write(model.integers()),
                OnnxWriter.write(QuantizedModel.of(graph, options, 2, 6, 6).integers()));
    }

    static Stream<Arguments> schemes() {
        return Stream.of("u8", "s8", "u7", "s7")
                .flatMap(type -> Stream.of("symmetric", "asymmetric")
                        .flatMap(symmetry -> Stream.of("per-tensor", "per-channel")
                                .map(granularity -> Arguments.of(type, symmetry, granularity))));
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void tensorsMayHaveSchemesOfTheirOwn(String type, String symmetry, String granularity) {
        for (String pattern : List.of("residual", "shift and stretch")) {
            for (String part : List.of("weights", "activations")) {
                if (part.equals("activations") && granularity.equals("per-channel")) {
                    continue;
                }
                String json = String.format(
                        "{\"%s\": {\"a\": {\"type\": \"%s\", \"symmetry\": \"%s\", \"granularity\": \"%s\"}}}",
                        part, type, symmetry, granularity);
                QuantizerOptions options = QuantizerOptions.minmax(profile("int8"))
                        .withSchemes(PlanOverrides.read(json).schemes());
                QuantizedModel model = QuantizedModel.of(Patterns.all().get(pattern), options, 2, 6, 6);
                OnnxChecker.check(model.integers());
                assertTrue(
                        model.relativeError() < 0.12,
                        () -> json + " in " + pattern + ": relative error " + model.relativeError());
            }
        }
    }

    @Test
    void productsOfMatricesAreComputedInIntegers() {
        QuantizedModel model = QuantizedModel.of(Patterns.all().get("matrix product"), profile("int8"), 2, 6, 6);
        assertEquals(Map.of(), model.plan().floatNodes());
        assertEquals(
                2,
                model.operators().get("QLinearMatMul"),
                () -> model.operators().toString());
        assertTrue(model.relativeError() < 0.12, () -> "relative error " + model.relativeError());
    }

    @Test
    void whatHasNoIntegerFormSaysSoAndTheRestIsInteger() {
        Graph graph = new Graphs()
                .convolution("a", "x", 2, 4, true)
                .floats("slope", 4, 1, 1)
                .node("PRelu", "p", "a", "slope")
                .convolution("b", "p", 4, 4, true)
                .floats("t.w", 4, 3, 2, 2)
                .node("ConvTranspose", "t", Map.of("strides", Attribute.integers(List.of(2L, 2L))), "b", "t.w")
                .convolution("y", "t", 3, 3, true)
                .build(4);
        QuantizedModel model = QuantizedModel.of(graph, profile("int8"), 2, 6, 6);
        assertEquals(
                Map.of("p", FloatReason.OPERATOR, "t", FloatReason.OPERATOR),
                model.plan().floatNodes());
        assertEquals(
                3, model.operators().get("QLinearConv"), () -> model.operators().toString());
        assertTrue(model.relativeError() < 0.12, () -> "relative error " + model.relativeError());
    }

    @Test
    void schemeOfOneTensorIsItsOwn() {
        QuantizerOptions options = QuantizerOptions.minmax(profile("int8"))
                .withSchemes(
                        PlanOverrides.read("{\"weights\": {\"a\": {\"granularity\": \"per-tensor\", \"type\": \"s7\"}},"
                                        + " \"activations\": {\"x\": {\"symmetry\": \"symmetric\"}}}")
                                .schemes());
        QuantizedModel model = QuantizedModel.of(Patterns.all().get("relu"), options, 2, 6, 6);
        assertEquals("s7 symmetric per tensor", model.plan().weights().get("a").describe());
        assertEquals("s8 symmetric per channel", model.plan().weights().get("y").describe());
        assertEquals(
                "u8 symmetric per tensor",
                model.plan().activations().get("x").scheme().describe());
        assertEquals(1, constant(model.integers().graph(), "a.weight_scale").size());
        assertTrue(largest(constant(model.integers().graph(), "a.weight_quantized")) <= 63);
        assertEquals(4, constant(model.integers().graph(), "y.weight_scale").size() + 1);
        assertEquals(
                (byte) 128, constant(model.integers().graph(), "x_zero_point").data()[0]);
    }

    private static Tensor constant(Graph graph, String name) {
        return graph.initializers().get(name);
    }

    private static int largest(Tensor bytes) {
        int largest = 0;
        for (byte value : bytes.data()) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static Profile profile(String name) {
        return Profile.named(name, Head.FLOAT).orElseThrow();
    }
}
