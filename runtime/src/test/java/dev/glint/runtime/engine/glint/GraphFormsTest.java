package dev.glint.runtime.engine.glint;

import static dev.glint.runtime.engine.glint.GraphForms.CHANNELS;
import static dev.glint.runtime.engine.glint.GraphForms.ENGINE;
import static dev.glint.runtime.engine.glint.GraphForms.FEATURES;
import static dev.glint.runtime.engine.glint.GraphForms.SIDE;
import static dev.glint.runtime.engine.glint.GraphForms.assertAnswersAsOnnxRuntime;
import static dev.glint.runtime.engine.glint.GraphForms.assertRefused;
import static dev.glint.runtime.engine.glint.GraphForms.bytes;
import static dev.glint.runtime.engine.glint.GraphForms.flat;
import static dev.glint.runtime.engine.glint.GraphForms.form;
import static dev.glint.runtime.engine.glint.GraphForms.random;
import static dev.glint.runtime.testing.OnnxGraphs.real;
import static dev.glint.runtime.testing.OnnxGraphs.whole;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.glint.runtime.onnx.OnnxFile;
import dev.glint.runtime.onnx.OnnxLimits;
import dev.glint.runtime.testing.EngineComparison;
import dev.glint.runtime.testing.OnnxGraphs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One operator each, in the forms that ONNX leaves open: the engine answers as ONNX Runtime does, or says what it does not take. */
class GraphFormsTest {
    @TempDir
    private Path folder;

    static Stream<Arguments> taken() {
        return Stream.of(
                form("Flatten from the axis -3", 48, g -> g.node("Flatten", "logits", whole("axis", -3), "input")),
                form("Flatten of features", 48, g -> flat(g).node("Flatten", "logits", whole("axis", -1), "f")),
                form("Reshape that copies the batch", 48, g -> reshaped(g, "input", 0, -1)),
                form("Reshape that finds the batch", 48, g -> reshaped(g, "input", -1, 48)),
                form("Reshape for one picture", 48, g -> reshaped(g, "input", 1, 48)),
                form(
                        "Reshape that copies all",
                        48,
                        g -> reshaped(g, "input", 0, 0, 0, 0).node("Flatten", "logits", "r")),
                form(
                        "Reshape that finds the rows",
                        48,
                        g -> reshaped(g, "input", 0, 3, -1, 4).node("Flatten", "logits", "r")),
                form(
                        "Reshape of features to pixels",
                        48,
                        g -> reshaped(flat(g), "f", 0, 3, 4, -1).node("Flatten", "logits", "r")),
                form("Softmax of set 11", 48, g -> flat(g).operatorSet(11).node("Softmax", "logits", "f")),
                form("Softmax of set 13", 48, g -> flat(g).node("Softmax", "logits", "f")),
                form("Softmax along the axis 1", 48, g -> flat(g).node("Softmax", "logits", whole("axis", 1), "f")),
                form(
                        "Concat of channels, from the end",
                        96,
                        g -> g.node("Relu", "a", "input")
                                .node("Concat", "c", whole("axis", -3), "input", "a")
                                .node("Flatten", "logits", "c")),
                form(
                        "Concat of features",
                        6,
                        g -> pooled(g).node("Relu", "a", "p").node("Concat", "logits", whole("axis", -1), "p", "a")),
                form("Add of a number first", 48, g -> flat(g).node("Add", "logits", number(g, 2), "f")),
                form("Sub of a number", 48, g -> flat(g).node("Sub", "logits", "f", number(g, 2))),
                form("Mul by a number", 48, g -> flat(g).node("Mul", "logits", "f", number(g, -3))),
                form("Div by a number", 48, g -> flat(g).node("Div", "logits", "f", number(g, 0.3f))),
                form("Add of a number of four dimensions", 48, g -> ofPixels(g, "Add", vector(g, 1, 1, 1, 1))),
                form("Add by channel", 48, g -> ofPixels(g, "Add", vector(g, 3, 1, 1))),
                form("Sub by channel", 48, g -> ofPixels(g, "Sub", vector(g, 1, 3, 1, 1))),
                form("Mul by channel", 48, g -> ofPixels(g, "Mul", vector(g, 3, 1, 1))),
                form("Div by channel", 48, g -> ofPixels(g, "Div", vector(g, 1, 3, 1, 1))),
                form("Mul by feature", 3, g -> pooled(g).node("Mul", "logits", "p", vector(g, 3))),
                form("Sub by feature", 3, g -> pooled(g).node("Sub", "logits", "p", vector(g, 1, 3))),
                form("Mul by one pixel", 48, g -> excited(g, "Mul", "input", "p")),
                form("Mul of one pixel", 48, g -> excited(g, "Mul", "p", "input")),
                form("Sub of one pixel", 48, g -> excited(g, "Sub", "p", "input")),
                form("Div by one pixel", 48, g -> excited(g, "Div", "input", "p")),
                form("a value added to itself", 48, g -> flat(g).node("Add", "logits", "f", "f")),
                form("a value times itself", 48, g -> flat(g).node("Mul", "logits", "f", "f")),
                form(
                        "a value less its sigmoid",
                        48,
                        g -> flat(g).node("Sigmoid", "s", "f").node("Sub", "logits", "f", "s")),
                form(
                        "a value by its sigmoid",
                        48,
                        g -> flat(g).node("Sigmoid", "s", "f").node("Div", "logits", "f", "s")),
                form(
                        "a sigmoid of a value times it",
                        48,
                        g -> flat(g).node("Sigmoid", "s", "f").node("Mul", "logits", "s", "f")),
                form("Gemm with outputs last", 5, g -> weighted(g, FEATURES, 5).node("Gemm", "logits", "f", "w")),
                form(
                        "Gemm with outputs first, scaled",
                        5,
                        g -> weighted(g, 5, FEATURES)
                                .floats("b", random(5), 5)
                                .node(
                                        "Gemm",
                                        "logits",
                                        whole("transB", 1)
                                                .andThen(real("alpha", 0.5f))
                                                .andThen(real("beta", -2)),
                                        "f",
                                        "w",
                                        "b")),
                form(
                        "Gemm with a bias of a row",
                        5,
                        g -> weighted(g, FEATURES, 5)
                                .floats("b", random(5), 1, 5)
                                .node("Gemm", "logits", "f", "w", "b")),
                form(
                        "Gemm with one bias for all",
                        5,
                        g -> weighted(g, FEATURES, 5).floats("b", random(1), 1).node("Gemm", "logits", "f", "w", "b")),
                form(
                        "what nobody needs, behind the answer",
                        3,
                        g -> pooled(g)
                                .floats("w", random(9), 3, 3)
                                .node("MatMul", "logits", "p", "w")
                                .node("GlobalAveragePool", "nobody", "input")
                                .node("Flatten", "nothing", "nobody")
                                .node("MatMul", "never", "nothing", "w")),
                form("MatMul", 5, g -> weighted(g, FEATURES, 5).node("MatMul", "logits", "f", "w")),
                form(
                        "weights of unsigned bytes with a zero point",
                        5,
                        g -> flat(g).unsigned("q", bytes(FEATURES * 5), 5, FEATURES)
                                .scalar("s", 0.02f)
                                .unsigned("z", new byte[] {(byte) 131})
                                .node("DequantizeLinear", "w", "q", "s", "z")
                                .node("Gemm", "logits", whole("transB", 1), "f", "w")),
                form(
                        "weights of bytes with a scale and a zero point for each output",
                        5,
                        g -> flat(g).signed("q", bytes(FEATURES * 5), 5, FEATURES)
                                .floats("s", new float[] {0.1f, 0.2f, 0.3f, 0.4f, 0.5f}, 5)
                                .signed("z", new byte[] {1, -2, 3, -4, 5}, 5)
                                .node("DequantizeLinear", "w", whole("axis", 0), "q", "s", "z")
                                .node("Gemm", "logits", whole("transB", 1), "f", "w")),
                form(
                        "a convolution of bytes in floats with a bias of integers",
                        5,
                        g -> g.signed("q", bytes(5 * 27), 5, 3, 3, 3)
                                .floats("s", new float[] {0.1f, 0.2f, 0.3f, 0.4f, 0.5f}, 5)
                                .node("DequantizeLinear", "w", whole("axis", 0), "q", "s")
                                .integers("bq", new int[] {1000, -2000, 3, 40, 500}, 5)
                                .floats("bs", new float[] {1e-3f, 2e-3f, 3e-3f, 4e-3f, 5e-3f}, 5)
                                .node("DequantizeLinear", "b", whole("axis", 0), "bq", "bs")
                                .node("Conv", "c", "input", "w", "b")
                                .node("GlobalAveragePool", "m", "c")
                                .node("Flatten", "logits", "m")),
                form(
                        "Softmax of large values",
                        48,
                        g -> flat(g).node("Mul", "l", "f", number(g, 1000)).node("Softmax", "logits", "l")),
                form(
                        "the input in bytes",
                        48,
                        g -> coded(g, "input", "d", 0.02f, 128).node("Flatten", "logits", "d")),
                form(
                        "what is left of the input in bytes",
                        48,
                        g -> coded(g.node("Relu", "r", "input"), "r", "d", 0.02f, 128)
                                .node("Flatten", "logits", "d")),
                form(
                        "Concat of bytes",
                        96,
                        g -> coded(
                                        coded(
                                                        coded(g, "input", "a", 0.02f, 128)
                                                                .node("Relu", "r", "a"),
                                                        "r",
                                                        "b",
                                                        0.01f,
                                                        3)
                                                .node("Concat", "c", whole("axis", 1), "a", "b"),
                                        "c",
                                        "d",
                                        0.03f,
                                        100)
                                .node("Flatten", "logits", "d")),
                form(
                        "Clip to one value",
                        48,
                        g -> flat(g).scalar("low", 0.25f).node("Clip", "logits", "f", "low", "low")),
                form(
                        "Clip by attributes",
                        48,
                        g -> flat(g).operatorSet(10)
                                .node("Clip", "logits", real("min", -0.5f).andThen(real("max", 0.75f)), "f")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("taken")
    void answersAsOnnxRuntimeDoes(String name, int labels, OnnxGraphs graph) throws IOException {
        assertAnswersAsOnnxRuntime(folder, name, labels, graph, 1);
    }

    /** A function that computes each operand anew would take twice as long with each. */
    @Test
    void sumsOfAValueWithItselfTakeNoTimeWithoutEnd() {
        OnnxGraphs graph = flat(new OnnxGraphs(CHANNELS, SIDE, SIDE));
        String last = "f";
        for (int i = 1; i <= 40; i++) {
            String sum = i == 40 ? "logits" : "sum" + i;
            graph.node("Add", sum, last, last);
            last = sum;
        }
        assertTimeoutPreemptively(
                Duration.ofMinutes(1),
                () -> assertAnswersAsOnnxRuntime(folder, "a value doubled 40 times", FEATURES, graph, 1));
    }

    /** ONNX Runtime makes bytes of the features, too, where bytes lie with outputs last: what is compared are both orders. */
    @Test
    void weightsOfBytesMayLieInEitherOrder() throws IOException {
        byte[] first = bytes(5 * FEATURES);
        byte[] last = new byte[first.length];
        for (int i = 0; i < first.length; i++) {
            last[i % FEATURES * 5 + i / FEATURES] = first[i];
        }
        OnnxGraphs outputsFirst = flat(new OnnxGraphs(CHANNELS, SIDE, SIDE)).signed("q", first, 5, FEATURES);
        OnnxGraphs outputsLast = flat(new OnnxGraphs(CHANNELS, SIDE, SIDE)).signed("q", last, FEATURES, 5);
        for (OnnxGraphs graph : List.of(outputsFirst, outputsLast)) {
            graph.scalar("s", 0.02f).signed("z", new byte[] {-3}).node("DequantizeLinear", "w", "q", "s", "z");
        }
        assertArrayEquals(
                run(outputsFirst.node("Gemm", "logits", whole("transB", 1), "f", "w")),
                run(outputsLast.node("MatMul", "logits", "f", "w")));
    }

    private float[] run(OnnxGraphs graph) throws IOException {
        Path file = Files.write(folder.resolve("order.onnx"), graph.build(5));
        OnnxFile onnx = OnnxFile.read(file, OnnxLimits.defaults());
        return EngineComparison.run(ENGINE, file, onnx, EngineComparison.signature(onnx), 1, 1);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                form("a Flatten from the axis 2", 48, g -> g.node("Flatten", "logits", whole("axis", 2), "input")),
                form("a Reshape to 3 dimensions", 48, g -> reshaped(g, "input", 0, 12, 4)),
                form("a Reshape to a size of -2", 48, g -> reshaped(g, "input", 0, -2)),
                form("a Reshape to a size of -1", 48, g -> reshaped(g, "input", 0, 3, -1, -1)),
                form("a Reshape to a size of 49", 48, g -> reshaped(g, "input", 0, 49)),
                form("a Reshape of 48 elements to more", 48, g -> reshaped(g, "input", 0, 3, 4, 5)),
                form("a Reshape that mixes pictures, or loses elements", 48, g -> reshaped(g, "input", 2, 24)),
                form("a Reshape that mixes pictures, or loses elements", 48, g -> reshaped(g, "input", 0, 5, -1, 3)),
                form("a Reshape that mixes pictures, or loses elements", 48, g -> reshaped(g, "input", -1, -1)),
                form("a Reshape that mixes channels and pixels", 48, g -> reshaped(g, "input", 0, 4, 3, 4)),
                form("a Softmax along the axis 0", 48, g -> flat(g).node("Softmax", "logits", whole("axis", 0), "f")),
                form(
                        "a Softmax along the axis 1",
                        48,
                        g -> g.node("Softmax", "a", whole("axis", 1), "input").node("Flatten", "logits", "a")),
                form(
                        "a Concat along the axis 2",
                        48,
                        g -> g.node("Concat", "a", whole("axis", 2), "input", "input")
                                .node("Flatten", "logits", "a")),
                form("Sub of a constant first", 48, g -> flat(g).node("Sub", "logits", number(g, 1), "f")),
                form("Div of a constant first", 48, g -> flat(g).node("Div", "logits", number(g, 1), "f")),
                form("arithmetic with a constant of the shape [4, 4]", 48, g -> ofPixels(g, "Add", vector(g, 4, 4))),
                form("arithmetic with a constant of the shape [4]", 48, g -> ofPixels(g, "Add", vector(g, 4))),
                form(
                        "arithmetic with a constant of the shape [48]",
                        48,
                        g -> flat(g).node("Add", "logits", "f", vector(g, 48))),
                form(
                        "a Clip between 1.0 and 0.0",
                        48,
                        g -> flat(g).scalar("low", 1).scalar("high", 0).node("Clip", "logits", "f", "low", "high")),
                form(
                        "Gemm of 48 features with weights of the shape [5, 48]",
                        5,
                        g -> weighted(g, 5, FEATURES).node("Gemm", "logits", "f", "w")),
                form(
                        "the attribute transA of Gemm",
                        5,
                        g -> weighted(g, FEATURES, 5).node("Gemm", "logits", whole("transA", 1), "f", "w")),
                form(
                        "a bias of the shape [5, 1] for 5 outputs",
                        5,
                        g -> weighted(g, FEATURES, 5)
                                .floats("b", random(5), 5, 1)
                                .node("Gemm", "logits", "f", "w", "b")),
                form(
                        "scales of single outputs in the last axis",
                        5,
                        g -> flat(g).signed("q", bytes(FEATURES * 5), FEATURES, 5)
                                .floats("s", random(5), 5)
                                .node("DequantizeLinear", "w", whole("axis", 1), "q", "s")
                                .node("MatMul", "logits", "f", "w")));
    }

    @ParameterizedTest(name = "{0} ({index})")
    @MethodSource("refused")
    void saysWhatItDoesNotTake(String reason, int labels, OnnxGraphs graph) {
        assertRefused(reason, labels, graph);
    }

    private static OnnxGraphs weighted(OnnxGraphs graph, long rows, long columns) {
        return flat(graph).floats("w", random(FEATURES * 5), rows, columns);
    }

    private static OnnxGraphs pooled(OnnxGraphs graph) {
        return graph.node("GlobalAveragePool", "m", "input").node("Flatten", "p", "m");
    }

    /** A Reshape to {@code r}, or to {@code logits} if that has two dimensions. */
    private static OnnxGraphs reshaped(OnnxGraphs graph, String value, long... target) {
        return graph.longs("shape", target).node("Reshape", target.length == 2 ? "logits" : "r", value, "shape");
    }

    private static OnnxGraphs ofPixels(OnnxGraphs graph, String operator, String constant) {
        return graph.node(operator, "a", "input", constant).node("Flatten", "logits", "a");
    }

    /** Squeeze and excitation. */
    private static OnnxGraphs excited(OnnxGraphs graph, String operator, String left, String right) {
        return graph.node("GlobalAveragePool", "m", "input")
                .node("Sigmoid", "p", "m")
                .node(operator, "a", left, right)
                .node("Flatten", "logits", "a");
    }

    /** The value in bytes and back. */
    private static OnnxGraphs coded(OnnxGraphs graph, String value, String decoded, float scale, int zeroPoint) {
        return graph.scalar(decoded + "_s", scale)
                .unsigned(decoded + "_z", new byte[] {(byte) zeroPoint})
                .node("QuantizeLinear", decoded + "_q", value, decoded + "_s", decoded + "_z")
                .node("DequantizeLinear", decoded, decoded + "_q", decoded + "_s", decoded + "_z");
    }

    private static String number(OnnxGraphs graph, float value) {
        graph.scalar("number", value);
        return "number";
    }

    private static String vector(OnnxGraphs graph, long... shape) {
        int count = 1;
        for (long size : shape) {
            count *= (int) size;
        }
        graph.floats("vector", random(count), shape);
        return "vector";
    }
}
