package dev.glint.runtime.onnx;

import static dev.glint.runtime.testing.OnnxGraphs.real;
import static dev.glint.runtime.testing.OnnxGraphs.text;
import static dev.glint.runtime.testing.OnnxGraphs.whole;
import static dev.glint.runtime.testing.OnnxGraphs.wholes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.testing.OnnxGraphs;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Shapes by the rules, against those of what ONNX Runtime computes. */
class NodeShapesTest {
    private static final long[] INPUT = {1, 4, 6, 8};

    private static Arguments graph(String name, Consumer<OnnxGraphs> nodes) {
        return Arguments.of(name, nodes);
    }

    private static OnnxGraphs weights(OnnxGraphs graph, long... shape) {
        long elements = 1;
        for (long size : shape) {
            elements *= size;
        }
        return graph.floats("w", new float[(int) elements], shape);
    }

    static Stream<Arguments> graphs() {
        return Stream.of(
                graph("unary", g -> g.node("Relu", "logits", "input")),
                graph("broadcast", g -> weights(g, 2, 1, 6, 1).node("Add", "logits", "input", "w")),
                graph(
                        "broadcast to more dimensions",
                        g -> weights(g, 5, 1, 1, 1, 8).node("Mul", "logits", "w", "input")),
                graph("ConstantOfShape", g -> g.longs("s", 2, 3, 4).node("ConstantOfShape", "logits", "s")),
                graph("Expand", g -> g.longs("s", 3, 1, 1, 1).node("Expand", "logits", "input", "s")),
                graph("Tile", g -> g.longs("s", 1, 2, 3, 4).node("Tile", "logits", "input", "s")),
                graph(
                        "a constant that is passed on",
                        g -> g.longs("s", 1, 2, 3, 4).node("Identity", "t", "s").node("Tile", "logits", "input", "t")),
                graph(
                        "Range",
                        g -> g.floats("a", new float[] {1})
                                .floats("b", new float[] {9})
                                .floats("d", new float[] {3})
                                .node("Range", "logits", "a", "b", "d")),
                graph(
                        "OneHot",
                        g -> g.longs("i", 1, 2, 0)
                                .longs("d", 7)
                                .floats("v", new float[] {0, 1}, 2)
                                .node("OneHot", "logits", "i", "d", "v")),
                graph("Pad", g -> g.longs("p", 0, 0, 1, 2, 0, 0, 3, -1).node("Pad", "logits", "input", "p")),
                graph(
                        "Resize by scales",
                        g -> g.floats("x", new float[] {1, 1, 2, 1.6f}, 4).node("Resize", "logits", "input", "", "x")),
                graph("Resize to sizes", g -> g.longs("s", 1, 4, 9, 3).node("Resize", "logits", "input", "", "", "s")),
                graph(
                        "Resize of some axes",
                        g -> g.operatorSet(18)
                                .floats("x", new float[] {1.6f, 3}, 2)
                                .node("Resize", "logits", wholes("axes", 3, 1), "input", "", "x")),
                graph(
                        "Resize of some axes to sizes",
                        g -> g.operatorSet(18)
                                .longs("s", 9, 3)
                                .node("Resize", "logits", wholes("axes", -1, 2), "input", "", "", "s")),
                graph(
                        "a constant in an attribute",
                        g -> g.node("Constant", "s", wholes("value_ints", 2, 3))
                                .node("ConstantOfShape", "logits", "s")),
                graph(
                        "Slice",
                        g -> g.longs("from", 1, -7, 5)
                                .longs("to", 3, 9, 1L << 40)
                                .longs("axes", 1, 3, 2)
                                .longs("steps", 1, 3, 1)
                                .node("Slice", "logits", "input", "from", "to", "axes", "steps")),
                graph(
                        "Slice of the first axes",
                        g -> g.longs("from", 0, 2).longs("to", 1, -1).node("Slice", "logits", "input", "from", "to")),
                graph("Squeeze", g -> g.node("Squeeze", "logits", "input")),
                graph("Squeeze an axis", g -> g.longs("a", -4).node("Squeeze", "logits", "input", "a")),
                graph("ReduceMax", g -> g.node("ReduceMax", "logits", wholes("axes", 2, -1), "input")),
                graph("ReduceMax of all", g -> g.node("ReduceMax", "logits", "input")),
                graph(
                        "ReduceSum",
                        g -> g.longs("a", 1, -1).node("ReduceSum", "logits", whole("keepdims", 0), "input", "a")),
                graph(
                        "TopK",
                        g -> g.longs("k", 3)
                                .node(
                                        "TopK",
                                        "logits",
                                        whole("axis", 2).andThen(more -> more.addOutput("places")),
                                        "input",
                                        "k")),
                graph("DepthToSpace", g -> g.node("DepthToSpace", "logits", whole("blocksize", 2), "input")),
                graph("SpaceToDepth", g -> g.node("SpaceToDepth", "logits", whole("blocksize", 2), "input")),
                graph("Concat", g -> g.node("Concat", "logits", whole("axis", -2), "input", "input", "input")),
                graph(
                        "Gather",
                        g -> g.longs("i", 1, 1, 2, 3, 0).node("Gather", "logits", whole("axis", 2), "input", "i")),
                graph("Reshape", g -> g.longs("s", 0, -1, 2).node("Reshape", "logits", "input", "s")),
                graph("Flatten", g -> g.node("Flatten", "logits", whole("axis", 2), "input")),
                graph("Flatten to a row", g -> g.node("Flatten", "logits", whole("axis", 0), "input")),
                graph("Transpose", g -> g.node("Transpose", "logits", wholes("perm", 0, 3, 1, 2), "input")),
                graph("Transpose, all about", g -> g.node("Transpose", "logits", "input")),
                graph("Unsqueeze", g -> g.longs("s", 1, -1).node("Unsqueeze", "logits", "input", "s")),
                graph("MatMul", g -> weights(g, 3, 1, 8, 5).node("MatMul", "logits", "input", "w")),
                graph(
                        "Gemm",
                        g -> weights(g, 10, 48)
                                .node("Flatten", "f", whole("axis", 2), "input")
                                .node("Gemm", "logits", whole("transB", 1), "f", "w")),
                graph("GlobalAveragePool", g -> g.node("GlobalAveragePool", "logits", "input")),
                graph(
                        "Conv",
                        g -> weights(g, 5, 4, 3, 2)
                                .node(
                                        "Conv",
                                        "logits",
                                        wholes("strides", 2, 3).andThen(wholes("pads", 1, 2, 0, 4)),
                                        "input",
                                        "w")),
                graph(
                        "Conv, dilated",
                        g -> weights(g, 6, 2, 2, 3)
                                .node(
                                        "Conv",
                                        "logits",
                                        wholes("dilations", 3, 2).andThen(whole("group", 2)),
                                        "input",
                                        "w")),
                graph(
                        "Conv of the same size",
                        g -> weights(g, 5, 4, 3, 3)
                                .node(
                                        "Conv",
                                        "logits",
                                        text("auto_pad", "SAME_UPPER").andThen(wholes("strides", 4, 3)),
                                        "input",
                                        "w")),
                graph(
                        "ConvTranspose",
                        g -> weights(g, 4, 3, 3, 2)
                                .node(
                                        "ConvTranspose",
                                        "logits",
                                        wholes("strides", 2, 3)
                                                .andThen(wholes("pads", 1, 0, 0, 1))
                                                .andThen(wholes("output_padding", 1, 0))
                                                .andThen(whole("group", 2)),
                                        "input",
                                        "w")),
                graph(
                        "MaxPool",
                        g -> g.node(
                                "MaxPool",
                                "logits",
                                wholes("kernel_shape", 3, 2).andThen(wholes("strides", 2, 2)),
                                "input")),
                graph(
                        "RandomNormal",
                        g -> g.node(
                                "RandomNormal", "logits", wholes("shape", 3, 4).andThen(real("mean", 1)))));
    }

    private static ModelProto model(Consumer<OnnxGraphs> nodes) throws InvalidProtocolBufferException {
        OnnxGraphs graph = new OnnxGraphs(4, 6, 8);
        nodes.accept(graph);
        ModelProto.Builder model = ModelProto.parseFrom(graph.build(1)).toBuilder();
        model.getGraphBuilder()
                .getOutputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .clearShape();
        return model.build();
    }

    private static long[] computed(ModelProto model) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(model.toByteArray());
                OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.allocate(4 * 6 * 8), INPUT);
                OrtSession.Result result = session.run(Map.of("input", input))) {
            return ((OnnxTensor) result.get(0)).getInfo().getShape();
        }
    }

    private static long[] derived(ModelProto model) {
        OnnxGraph graph = OnnxFile.parse(ByteBuffer.wrap(model.toByteArray()), OnnxLimits.defaults())
                .graph();
        NodeShapes shapes = new NodeShapes();
        graph.initializers().forEach(constant -> shapes.addConstant(constant.name(), constant));
        graph.inputs().forEach(shapes::addInput);
        graph.nodes().forEach(shapes::add);
        return shapes.shape("logits");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("graphs")
    void shapesAreThoseThatOnnxRuntimeComputes(String name, Consumer<OnnxGraphs> nodes)
            throws InvalidProtocolBufferException, OrtException {
        ModelProto model = model(nodes);

        assertArrayEquals(computed(model), derived(model));
    }

    @Test
    void whatIsComputedOnlyThenCountsAsTheLargestThatGoesIn() throws InvalidProtocolBufferException {
        assertArrayEquals(
                INPUT, derived(model(g -> g.node("Shape", "s", "input").node("Tile", "logits", "input", "s"))));
        assertArrayEquals(
                new long[] {4},
                derived(model(g -> g.node("Shape", "s", "input").node("ConstantOfShape", "logits", "s"))));
    }

    @Test
    void sizesBeyondAllNumbersAreRefused() {
        long most = Long.MAX_VALUE;
        assertRefused("a node Tile", g -> g.longs("s", most, most, most, most).node("Tile", "logits", "input", "s"));
        assertRefused(
                "a node Pad",
                g -> g.longs("s", 0, 0, most, most, 0, 0, most, most).node("Pad", "logits", "input", "s"));
        assertRefused(
                "a node Conv",
                g -> weights(g, 5, 4, 3, 2).node("Conv", "logits", wholes("pads", most, 0, 0, most), "input", "w"));
    }

    private static void assertRefused(String found, Consumer<OnnxGraphs> nodes) {
        GlintException refusal = assertThrows(GlintException.class, () -> derived(model(nodes)));
        assertEquals(Reason.MODEL, refusal.reason());
        assertTrue(refusal.getMessage().startsWith("found " + found + " that makes ["), refusal.getMessage());
    }

    @Test
    void sizesBelowNothingAreNone() throws InvalidProtocolBufferException {
        assertNull(derived(model(g -> g.longs("s", -1, 2, 3).node("ConstantOfShape", "logits", "s"))));
        assertNull(derived(model(g -> g.longs("s", 0, 0, -9, 0, 0, 0, 0, 0).node("Pad", "logits", "input", "s"))));
    }
}
