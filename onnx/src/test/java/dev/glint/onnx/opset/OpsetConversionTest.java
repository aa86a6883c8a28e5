package dev.glint.onnx.opset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.graph.ValueInfo;
import dev.glint.onnx.graph.ValueInfo.Dimension;
import dev.glint.onnx.pass.GraphPass;
import dev.glint.onnx.pass.RewriteRule;
import dev.glint.onnx.pass.RulePass;
import dev.glint.onnx.shape.ShapeInference;
import dev.glint.onnx.shape.Size;
import dev.glint.onnx.testing.Graphs;
import dev.glint.onnx.testing.OnnxChecker;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each graph is run as its operator set has it and as set 17 has it. */
class OpsetConversionTest {

    @ParameterizedTest
    @ValueSource(longs = {7, 9, 10})
    void boundsOfClipBecomeInputs(long opset) {
        Map<String, Attribute> bounds = Map.of("min", Attribute.real(-0.5f), "max", Attribute.real(0.25f));
        convertsTo(List.of("Clip"), opset, new Graphs().node("Clip", "y", bounds, "x"));
        convertsTo(List.of("Clip"), opset, new Graphs().node("Clip", "y", Map.of("max", Attribute.real(0)), "x"));
        convertsTo(List.of("Clip"), opset, new Graphs().node("Clip", "y", "x"));
    }

    @Test
    void padsBecomeInputs() {
        Map<String, Attribute> pads = Map.of("pads", longs(0, 0, 1, 0, 0, 0, 0, 2), "value", Attribute.real(0.5f));
        convertsTo(List.of("Pad"), 10, new Graphs().node("Pad", "y", pads, "x"));
        Map<String, Attribute> reflected =
                Map.of("pads", longs(0, 0, 1, 0, 0, 0, 0, 2), "mode", new Attribute.Text("reflect"));
        convertsTo(List.of("Pad"), 7, new Graphs().node("Pad", "y", reflected, "x"));
    }

    @Test
    void startsAndEndsOfSliceBecomeInputs() {
        Map<String, Attribute> all = Map.of("starts", longs(1, -3), "ends", longs(2, 100), "axes", longs(1, 3));
        convertsTo(List.of("Slice"), 9, new Graphs().node("Slice", "y", all, "x"));
        Map<String, Attribute> leading = Map.of("starts", longs(0, 1), "ends", longs(100, 2));
        convertsTo(List.of("Slice"), 7, new Graphs().node("Slice", "y", leading, "x"));
    }

    @Test
    void axesOfReshapingOperatorsBecomeInputs() {
        convertsTo(
                List.of("Unsqueeze", "Squeeze", "ReduceSum"),
                12,
                new Graphs()
                        .node("Unsqueeze", "a", Map.of("axes", longs(0, 3)), "x")
                        .node("Squeeze", "b", Map.of("axes", longs(0)), "a")
                        .node("ReduceSum", "y", Map.of("axes", longs(1), "keepdims", Attribute.integer(0)), "b"));
    }

    @Test
    void partsOfSplitBecomeInputs() {
        Node split = new Node(
                "s",
                "Split",
                List.of("x"),
                List.of("a", "b"),
                Map.of("axis", Attribute.integer(2), "split", longs(2, 4)));
        Node sum = new Node("y", "ReduceSum", List.of("b"), List.of("y"), Map.of("axes", longs(1)));
        converts(List.of("Split", "ReduceSum"), 11, graph(List.of(split, sum)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Softmax", "LogSoftmax", "Hardmax"})
    void flattenedSoftmaxIsOverAllThatFollows(String op) {
        convertsTo(List.of("Shape", "Flatten", op, "Reshape"), 11, new Graphs().node(op, "y", "x"));
        Map<String, Attribute> last = Map.of("axis", Attribute.integer(3));
        convertsTo(List.of(op), 11, new Graphs().node(op, "y", last, "x"));
        Map<String, Attribute> fromBehind = Map.of("axis", Attribute.integer(-1));
        convertsTo(List.of(op), 11, new Graphs().node(op, "y", fromBehind, "x"));
        convertsTo(
                List.of("GlobalAveragePool", op),
                7,
                new Graphs().node("GlobalAveragePool", "a", "x").node(op, "y", "a"));
    }

    @Test
    void resizingIsAsymmetricBelowTheNearest() {
        Map<String, Attribute> scales = Map.of("scales", new Attribute.Reals(List.of(1f, 1f, 2f, 1.5f)));
        convertsTo(List.of("Resize"), 7, new Graphs().node("Upsample", "y", scales, "x"));
        Map<String, Attribute> linear = Map.of("mode", new Attribute.Text("linear"));
        Tensor factors = Tensor.floats(List.of(4L), 1, 1, 2, 2);
        convertsTo(List.of("Resize"), 9, new Graphs().constant("s", factors).node("Upsample", "y", linear, "x", "s"));
        Tensor smaller = Tensor.floats(List.of(4L), 1, 1, 0.5f, 1.5f);
        convertsTo(List.of("Resize"), 10, new Graphs().constant("s", smaller).node("Resize", "y", "x", "s"));
        convertsTo(List.of("Resize"), 10, new Graphs().constant("s", factors).node("Resize", "y", linear, "x", "s"));
    }

    @Test
    void sumsAreAddedPairByPair() {
        convertsTo(
                List.of("Relu", "Neg", "Add", "Add"),
                7,
                new Graphs().node("Relu", "a", "x").node("Neg", "b", "x").node("Sum", "y", "a", "b", "x"));
        convertsTo(List.of("Identity"), 12, new Graphs().node("Sum", "y", "x"));
    }

    @Test
    void scaledImagesAreMultipliedAndAdded() {
        Map<String, Attribute> settings =
                Map.of("scale", Attribute.real(0.5f), "bias", new Attribute.Reals(List.of(-1f, 2f)));
        Graph converted = converted(
                7, new Graphs().node("ImageScaler", "y", settings, "x").build());
        assertEquals(List.of("Mul", "Add"), Graphs.ops(converted));
        Graph expected = new Graphs()
                .constant("s", Tensor.scalar(0.5f))
                .constant("b", Tensor.floats(List.of(2L, 1L, 1L), -1, 2))
                .node("Mul", "a", "x", "s")
                .node("Add", "y", "a", "b")
                .build();
        assertArrayEquals(Graphs.run(expected), Graphs.run(converted));
    }

    @Test
    void whatOnlyTrainingNeedsGoes() {
        Graph plain = new Graphs().batchNorm("y", "x", 2).build();
        Node norm = plain.nodes().get(0);
        Node old = norm.withOutputs(List.of("y", "m", "v", "sm", "sv"))
                .withAttribute("momentum", Attribute.real(0.5f))
                .withAttribute("spatial", Attribute.integer(1));
        Graph converted = converted(8, plain.withNodes(List.of(old)));
        assertEquals(norm, converted.nodes().get(0));
        Node dropout =
                new Node("y", "Dropout", List.of("x"), List.of("y", "mask"), Map.of("ratio", Attribute.real(0.5f)));
        Graph without = converted(10, graph(List.of(dropout)));
        assertEquals(List.of("y"), without.nodes().get(0).outputs());
        assertTrue(without.nodes().get(0).attributes().isEmpty());
    }

    @Test
    void trainingModeIsRefused() {
        Graph norm = new Graphs().batchNorm("y", "x", 2).build();
        Node training = norm.nodes().get(0).withAttribute("training_mode", Attribute.integer(1));
        refused("training mode", 15, norm.withNodes(List.of(training)));
        Node perPixel = norm.nodes().get(0).withAttribute("spatial", Attribute.integer(0));
        refused("statistics per pixel", 7, norm.withNodes(List.of(perPixel)));
        Graphs dropout = new Graphs()
                .constant("r", Tensor.scalar(0.5f))
                .constant("t", new Tensor(ElementType.BOOL, List.of(), new byte[] {1}))
                .node("Dropout", "y", "x", "r", "t");
        refused("training mode", 13, dropout.build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ReduceMean", "ReduceMax", "ReduceL2", "ReduceLogSumExp"})
    void axesOfReductionsBecomeAnAttributeAgain(String op) {
        convertsTo(
                List.of(op),
                18,
                new Graphs()
                        .constant("axes", Tensor.longs(-1, 1))
                        .node(op, "y", Map.of("keepdims", Attribute.integer(0)), "x", "axes"));
        Map<String, Attribute> nothing = Map.of("noop_with_empty_axes", Attribute.integer(1));
        Graph without = new Graphs().node(op, "y", nothing, "x").build();
        if (op.equals("ReduceMean") || op.equals("ReduceMax")) {
            converts(List.of("Identity"), 18, without);
        } else {
            refused("of no axes", 18, without);
        }
    }

    @Test
    void axesOfPadAreAllAgain() {
        convertsTo(
                List.of("Pad"),
                19,
                new Graphs()
                        .constant("pads", Tensor.longs(1, 2, 3, 0))
                        .constant("axes", Tensor.longs(-1, 1))
                        .node("Pad", "y", "x", "pads", "", "axes"));
        Map<String, Attribute> wrapped = Map.of("mode", new Attribute.Text("wrap"));
        refused(
                "wrap",
                19,
                new Graphs()
                        .constant("pads", Tensor.longs(0, 0, 1, 1, 0, 0, 1, 1))
                        .node("Pad", "y", wrapped, "x", "pads")
                        .build());
    }

    @Test
    void equalPartsAreSaid() {
        Node pool = new Node("p", "MaxPool", List.of("x"), List.of("p"), Map.of("kernel_shape", longs(2, 2)));
        Map<String, Attribute> three = Map.of("axis", Attribute.integer(3), "num_outputs", Attribute.integer(3));
        Node split = new Node("s", "Split", List.of("p"), List.of("a", "b", "c"), three);
        Node join = new Node("y", "Concat", List.of("c", "a"), List.of("y"), Map.of("axis", Attribute.integer(3)));
        // Of 5 pixels 2, 2 and 1.
        converts(List.of("MaxPool", "Split", "Concat"), 18, graph(List.of(pool, split, join)));
    }

    @Test
    void newerSettingsGoWhereTheySayNothingNew() {
        Map<String, Attribute> pool = Map.of("kernel_shape", longs(2, 2), "dilations", longs(1, 1));
        convertsTo(List.of("AveragePool"), 19, new Graphs().node("AveragePool", "y", pool, "x"));
        Map<String, Attribute> dilated = Map.of("kernel_shape", longs(2, 2), "dilations", longs(2, 2));
        refused(
                "dilations",
                19,
                new Graphs().node("AveragePool", "y", dilated, "x").build());
        Map<String, Attribute> cast = Map.of("to", Attribute.integer(1), "saturate", Attribute.integer(1));
        convertsTo(List.of("Cast"), 19, new Graphs().node("Cast", "y", cast, "x"));
        Tensor scales = Tensor.floats(List.of(4L), 1, 1, 2, 2);
        Map<String, Attribute> stretched =
                Map.of("antialias", Attribute.integer(0), "keep_aspect_ratio_policy", new Attribute.Text("stretch"));
        convertsTo(
                List.of("Resize"), 18, new Graphs().constant("s", scales).node("Resize", "y", stretched, "x", "", "s"));
        Map<String, Attribute> antialias =
                Map.of("antialias", Attribute.integer(1), "mode", new Attribute.Text("linear"));
        refused(
                "antialias",
                18,
                new Graphs()
                        .constant("s", scales)
                        .node("Resize", "y", antialias, "x", "", "s")
                        .build());
    }

    @Test
    void averagesInCeilModeCountTheirPaddingAndNothingBehindIt() {
        convertsTo(List.of("AveragePool"), 19, counted(longs(0, 0, 0, 0)));
        convertsTo(List.of("Pad", "AveragePool"), 21, counted(longs(1, 0, 1, 1)));
        Graph fits = counted(longs(1, 1, 0, 0)).build();
        assertEquals(fits.nodes(), converts(List.of("AveragePool"), 19, fits).nodes());
        convertsTo(List.of("AveragePool"), 18, counted(longs(0, 0, 0, 0)));
    }

    private static Graphs counted(Attribute pads) {
        Map<String, Attribute> settings = Map.of(
                "kernel_shape", longs(3, 3),
                "strides", longs(2, 2),
                "pads", pads,
                "ceil_mode", Attribute.integer(1),
                "count_include_pad", Attribute.integer(1));
        return new Graphs().node("AveragePool", "y", settings, "x");
    }

    @Test
    void newerActivationsAreSpeltOut() {
        convertsTo(List.of("Softplus", "Tanh", "Mul"), 18, new Graphs().node("Mish", "y", "x"));
        convertsTo(List.of("Mul", "Erf", "Add", "Mul", "Mul"), 20, new Graphs().node("Gelu", "y", "x"));
        Map<String, Attribute> tanh = Map.of("approximate", new Attribute.Text("tanh"));
        assertEquals(
                9,
                convertsTo(List.of(), 20, new Graphs().node("Gelu", "y", tanh, "x"))
                        .nodes()
                        .size());
    }

    @Test
    void operandsAreLaidOutFromTheirAxis() {
        Map<String, Attribute> channels = Map.of("broadcast", Attribute.integer(1), "axis", Attribute.integer(1));
        Tensor values = Tensor.floats(List.of(2L), 3, -1);
        Graph converted = converted(
                7,
                new Graphs()
                        .constant("c", values)
                        .node("Mul", "y", channels, "x", "c")
                        .build());
        Graph expected = new Graphs()
                .constant("c", values.withShape(List.of(2L, 1L, 1L)))
                .node("Mul", "y", "x", "c")
                .build();
        assertArrayEquals(Graphs.run(expected), Graphs.run(converted));
    }

    @Test
    void operatorsOfOtherTradesAreRefused() {
        Graph graph = new Graphs()
                .node("NonMaxSuppression", "a", "x")
                .node("Loop", "y", "a")
                .build();
        GlintException refused = assertThrows(GlintException.class, () -> OpsetConversion.requireKnown(graph, 13));
        assertEquals(Reason.MODEL, refused.reason());
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.contains("the operators Loop, NonMaxSuppression of set 13"), message);
    }

    private static Attribute longs(long... values) {
        return Attribute.integers(Arrays.stream(values).boxed().toList());
    }

    private static Graph graph(List<Node> nodes) {
        return new Graphs().node("Relu", "y", "x").build().withNodes(nodes);
    }

    private static Graph convertsTo(List<String> ops, long opset, Graphs graph) {
        return converts(ops, opset, graph.build());
    }

    private static Graph converts(List<String> ops, long opset, Graph graph) {
        Graph converted = converted(opset, graph);
        if (!ops.isEmpty()) {
            assertEquals(ops, Graphs.ops(converted));
        }
        float[] expected = Graphs.run(graph, opset);
        assertTrue(expected.length > 3, "something to compare");
        assertArrayEquals(expected, Graphs.run(converted), 1e-6f);
        return converted;
    }

    private static Graph converted(long opset, Graph graph) {
        List<GraphPass> passes = new ArrayList<>();
        for (RewriteRule rule : OpsetConversion.rules(opset)) {
            passes.add(new RulePass(rule));
        }
        Graph converted = GraphPass.applyAll(passes, graph);
        ShapeInference.infer(converted).shape("y").ifPresent(shape -> OnnxChecker.check(withOutput(converted, shape)));
        return converted;
    }

    /** The checker compares the shape that is said of an output with its own inference. */
    private static OnnxModel withOutput(Graph graph, List<Size> shape) {
        List<Dimension> stated = new ArrayList<>();
        for (Size size : shape) {
            stated.add(size.perPicture() ? new Dimension.Free("") : new Dimension.Fixed(size.factor()));
        }
        ValueInfo output = new ValueInfo("y", ElementType.FLOAT, stated);
        return OnnxModel.fromGraph(graph.withOutputs(List.of(output)), Map.of());
    }

    private static void refused(String found, long opset, Graph graph) {
        GlintException refused = assertThrows(GlintException.class, () -> converted(opset, graph));
        assertEquals(Reason.MODEL, refused.reason());
        assertTrue(String.valueOf(refused.getMessage()).contains(found), refused::getMessage);
    }
}
