package dev.glint.runtime.engine.glint;

import static dev.glint.runtime.engine.glint.GraphForms.assertAnswersAsOnnxRuntime;
import static dev.glint.runtime.engine.glint.GraphForms.assertRefused;
import static dev.glint.runtime.engine.glint.GraphForms.bytes;
import static dev.glint.runtime.engine.glint.GraphForms.form;
import static dev.glint.runtime.engine.glint.GraphForms.random;
import static dev.glint.runtime.testing.OnnxGraphs.text;
import static dev.glint.runtime.testing.OnnxGraphs.whole;
import static dev.glint.runtime.testing.OnnxGraphs.wholes;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.glint.runtime.testing.OnnxGraphs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Strides, padding and rounding of convolutions and poolings, and batch normalisation, over 4x4 pixels. */
class WindowFormsTest {
    private static final Consumer<NodeProto.Builder> THREE = wholes("kernel_shape", 3, 3);
    private static final Consumer<NodeProto.Builder> TWO = wholes("kernel_shape", 2, 2);
    private static final Consumer<NodeProto.Builder> STRIDE = wholes("strides", 2, 2);
    private static final Consumer<NodeProto.Builder> UP = whole("ceil_mode", 1);

    private static final String BEYOND = "an AveragePool with padding that counts and windows beyond it";

    @TempDir
    private Path folder;

    static Stream<Arguments> taken() {
        return Stream.of(
                form("MaxPool", 12, g -> pool(g, "MaxPool", THREE)),
                form("MaxPool of wide windows", 18, g -> pool(g, "MaxPool", wholes("kernel_shape", 3, 2))),
                form("MaxPool with steps", 12, g -> pool(g, "MaxPool", TWO.andThen(STRIDE))),
                form("MaxPool, rounded down", 3, g -> pool(g, "MaxPool", THREE.andThen(STRIDE))),
                form(
                        "MaxPool, rounded up",
                        12,
                        g -> pool(g, "MaxPool", THREE.andThen(STRIDE).andThen(UP))),
                form(
                        "MaxPool whose last window would begin outside",
                        12,
                        g -> pool(
                                g,
                                "MaxPool",
                                wholes("kernel_shape", 1, 1)
                                        .andThen(wholes("strides", 3, 3))
                                        .andThen(UP))),
                form(
                        "MaxPool whose last window would begin in the padding",
                        12,
                        g -> pool(
                                g,
                                "MaxPool",
                                TWO.andThen(STRIDE).andThen(pads(0, 0, 1, 1)).andThen(UP))),
                form(
                        "MaxPool, padded, rounded up",
                        27,
                        g -> pool(
                                g,
                                "MaxPool",
                                THREE.andThen(STRIDE).andThen(pads(1, 1, 1, 1)).andThen(UP))),
                form(
                        "MaxPool, padded before",
                        12,
                        g -> pool(g, "MaxPool", THREE.andThen(STRIDE).andThen(pads(1, 1, 0, 0)))),
                form(
                        "MaxPool, padded behind",
                        12,
                        g -> pool(g, "MaxPool", THREE.andThen(STRIDE).andThen(pads(0, 0, 1, 1)))),
                form("MaxPool, the same size", 48, g -> pool(g, "MaxPool", TWO.andThen(same("UPPER")))),
                form("MaxPool, the same size, more before", 48, g -> pool(g, "MaxPool", TWO.andThen(same("LOWER")))),
                form(
                        "MaxPool, the same size, with steps",
                        12,
                        g -> pool(g, "MaxPool", THREE.andThen(STRIDE).andThen(same("UPPER")))),
                form("MaxPool without padding", 12, g -> pool(g, "MaxPool", THREE.andThen(text("auto_pad", "VALID")))),
                form("AveragePool", 12, g -> pool(g, "AveragePool", THREE)),
                form("AveragePool, padded", 48, g -> pool(g, "AveragePool", THREE.andThen(pads(1, 1, 1, 1)))),
                form(
                        "AveragePool, padded, zeros included",
                        48,
                        g -> pool(
                                g,
                                "AveragePool",
                                THREE.andThen(pads(1, 1, 1, 1)).andThen(whole("count_include_pad", 1)))),
                form(
                        "AveragePool, rounded up",
                        12,
                        g -> pool(g, "AveragePool", THREE.andThen(STRIDE).andThen(UP))),
                form(
                        "AveragePool, padded, rounded up",
                        27,
                        g -> pool(
                                g,
                                "AveragePool",
                                THREE.andThen(STRIDE).andThen(pads(1, 1, 1, 1)).andThen(UP))),
                form(
                        "AveragePool, padded, zeros included, where nothing is left to round up",
                        12,
                        g -> pool(
                                g,
                                "AveragePool",
                                THREE.andThen(STRIDE)
                                        .andThen(pads(0, 1, 1, 0))
                                        .andThen(UP)
                                        .andThen(whole("count_include_pad", 1)))),
                form("Conv with steps", 20, g -> convolved(g, STRIDE.andThen(pads(1, 1, 1, 1)))),
                form("Conv with gaps", 20, g -> convolved(g, pads(1, 1, 1, 1).andThen(wholes("dilations", 2, 2)))),
                form("Conv of each channel", 12, g -> convolvedAlone(g, 3)),
                form("Conv of the same size", 80, g -> convolved(g, same("UPPER"))),
                form("Conv of the same size with steps", 20, g -> convolved(g, STRIDE.andThen(same("UPPER")))),
                form("Conv with steps, more before", 20, g -> convolved(g, STRIDE.andThen(same("LOWER")))),
                form(
                        "BatchNormalization of pixels",
                        48,
                        g -> normalized(g, b -> {}, "input").node("Flatten", "logits", "n")),
                form(
                        "BatchNormalization behind a convolution",
                        12,
                        g -> normalized(
                                        g.floats("w", random(81), 3, 3, 3, 3)
                                                .floats("b", random(3), 3)
                                                .node("Conv", "c", "input", "w", "b"),
                                        OnnxGraphs.real("epsilon", 0.1f),
                                        "c")
                                .node("Flatten", "logits", "n")),
                form(
                        "BatchNormalization behind a convolution of bytes in floats",
                        12,
                        g -> normalized(
                                        g.signed("q", bytes(81), 3, 3, 3, 3)
                                                .floats("s", new float[] {0.1f, 0.2f, 0.3f}, 3)
                                                .signed("z", new byte[] {-1, 0, 5}, 3)
                                                .node("DequantizeLinear", "w", whole("axis", 0), "q", "s", "z")
                                                .node("Conv", "c", "input", "w"),
                                        b -> {},
                                        "c")
                                .node("Flatten", "logits", "n")),
                form(
                        "BatchNormalization of features",
                        3,
                        g -> normalized(
                                        g.node("GlobalAveragePool", "m", "input")
                                                .node("Flatten", "p", "m"),
                                        b -> {},
                                        "p")
                                .node("Identity", "logits", "n")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("taken")
    void answersAsOnnxRuntimeDoes(String name, int labels, OnnxGraphs graph) throws IOException {
        assertAnswersAsOnnxRuntime(folder, name, labels, graph, 2);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                form("strides or dilations of 0", 12, g -> pool(g, "MaxPool", THREE.andThen(wholes("strides", 1, 0)))),
                form("strides or dilations of 0", 80, g -> convolved(g, wholes("dilations", 0, 1))),
                form("a Conv of 3 channels in 2 groups with weights of [3, 1, 3, 3]", 12, g -> convolvedAlone(g, 2)),
                form("auto_pad SAME", 12, g -> pool(g, "MaxPool", THREE.andThen(text("auto_pad", "SAME")))),
                form("a window of 5 over 4", 12, g -> pool(g, "MaxPool", wholes("kernel_shape", 3, 5))),
                form("a window of 5 over 4", 12, g -> convolved(g, wholes("dilations", 2, 1))),
                form(
                        "a MaxPool with windows that see nothing, or with gaps",
                        12,
                        g -> pool(g, "MaxPool", TWO.andThen(pads(2, 0, 0, 0)))),
                form(
                        "a MaxPool with windows that see nothing, or with gaps",
                        12,
                        g -> pool(g, "MaxPool", TWO.andThen(pads(0, 0, 0, 2)))),
                form(
                        "a MaxPool with windows that see nothing, or with gaps",
                        12,
                        g -> pool(g, "MaxPool", TWO.andThen(wholes("dilations", 2, 2)))),
                form(
                        BEYOND,
                        12,
                        g -> pool(
                                g,
                                "AveragePool",
                                wholes("kernel_shape", 3, 2)
                                        .andThen(STRIDE)
                                        .andThen(UP)
                                        .andThen(whole("count_include_pad", 1)))),
                form(
                        BEYOND,
                        12,
                        g -> pool(
                                g,
                                "AveragePool",
                                wholes("kernel_shape", 2, 3)
                                        .andThen(STRIDE)
                                        .andThen(UP)
                                        .andThen(whole("count_include_pad", 1)))),
                form(
                        "a BatchNormalization of flattened pixels",
                        48,
                        g -> normalized(GraphForms.flat(g), b -> {}, "f").node("Identity", "logits", "n")),
                form(
                        "the attribute training_mode of BatchNormalization",
                        48,
                        g -> normalized(g, whole("training_mode", 1), "input").node("Flatten", "logits", "n")),
                form(
                        "2 numbers for 3 channels in BatchNormalization",
                        48,
                        g -> g.floats("s", random(2), 2)
                                .node("BatchNormalization", "n", "input", "s", "s", "s", "s")
                                .node("Flatten", "logits", "n")));
    }

    @ParameterizedTest(name = "{0} ({index})")
    @MethodSource("refused")
    void saysWhatItDoesNotTake(String reason, int labels, OnnxGraphs graph) {
        assertRefused(reason, labels, graph);
    }

    private static OnnxGraphs pool(OnnxGraphs graph, String operator, Consumer<NodeProto.Builder> attributes) {
        return graph.node(operator, "a", attributes, "input").node("Flatten", "logits", "a");
    }

    /** To five channels, by windows of 3x3. */
    private static OnnxGraphs convolved(OnnxGraphs graph, Consumer<NodeProto.Builder> attributes) {
        return graph.floats("w", random(135), 5, 3, 3, 3)
                .floats("b", random(5), 5)
                .node("Conv", "c", attributes, "input", "w", "b")
                .node("Flatten", "logits", "c");
    }

    private static OnnxGraphs convolvedAlone(OnnxGraphs graph, int groups) {
        return graph.floats("w", random(27), 3, 1, 3, 3)
                .node("Conv", "c", whole("group", groups), "input", "w")
                .node("Flatten", "logits", "c");
    }

    private static OnnxGraphs normalized(OnnxGraphs graph, Consumer<NodeProto.Builder> attributes, String value) {
        return graph.floats("scale", new float[] {0.5f, -2, 3}, 3)
                .floats("shift", new float[] {1, 0.25f, -0.125f}, 3)
                .floats("mean", new float[] {0.1f, -0.2f, 0.3f}, 3)
                .floats("variance", new float[] {0.25f, 1, 4}, 3)
                .node("BatchNormalization", "n", attributes, value, "scale", "shift", "mean", "variance");
    }

    private static Consumer<NodeProto.Builder> pads(long top, long left, long bottom, long right) {
        return wholes("pads", top, left, bottom, right);
    }

    private static Consumer<NodeProto.Builder> same(String end) {
        return text("auto_pad", "SAME_" + end);
    }
}
