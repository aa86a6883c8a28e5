package dev.glint.runtime.engine.glint;

import static dev.glint.runtime.engine.glint.GraphForms.CHANNELS;
import static dev.glint.runtime.engine.glint.GraphForms.FEATURES;
import static dev.glint.runtime.engine.glint.GraphForms.SIDE;
import static dev.glint.runtime.engine.glint.GraphForms.assertAnswersAsOnnxRuntime;
import static dev.glint.runtime.engine.glint.GraphForms.assertRefused;
import static dev.glint.runtime.engine.glint.GraphForms.bytes;
import static dev.glint.runtime.engine.glint.GraphForms.flat;
import static dev.glint.runtime.engine.glint.GraphForms.form;
import static dev.glint.runtime.engine.glint.GraphForms.random;
import static dev.glint.runtime.testing.OnnxGraphs.whole;

import dev.glint.runtime.testing.OnnxGraphs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** QuantizeLinear and DequantizeLinear with what files may leave out or choose, over a picture of 3 channels and 4x4 pixels. */
class EncodingFormsTest {
    @TempDir
    private Path folder;

    static Stream<Arguments> taken() {
        return Stream.of(
                form(
                        "unsigned bytes without zero points",
                        48,
                        g -> decoded(g.scalar("s", 0.05f).node("QuantizeLinear", "q", "input", "s"))),
                form("signed bytes decoded without a zero point", 48, g -> decoded(signed(g, "input"))),
                form(
                        "signed bytes of a step decoded without a zero point",
                        48,
                        g -> decoded(signed(g.node("Tanh", "t", "input"), "t"))),
                form("Conv with a bias of the sums' scale", 20, g -> convolved(g, 1)),
                form("Conv with a bias of about the sums' scale", 20, g -> convolved(g, 0.995f)),
                form("Conv with a bias of a smaller scale", 20, g -> convolved(g, 0.5f)),
                form("Conv with a bias of a larger scale", 20, g -> convolved(g, 1.02f)),
                form("Gemm with a bias of the sums' scale", 5, g -> dense(g, 1, "logits")),
                form("Gemm with a bias of another scale", 5, g -> dense(g, 3, "logits")),
                form(
                        "Gemm to bytes with a bias of another scale",
                        5,
                        g -> coded(dense(g, 3, "g"), "g", "logits", 0.5f)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("taken")
    void answersAsOnnxRuntimeDoes(String name, int labels, OnnxGraphs graph) throws IOException {
        assertAnswersAsOnnxRuntime(folder, name, labels, graph, 1);
    }

    @Test
    void integersOf32BitsHaveNoZeroPoint() {
        OnnxGraphs graph = flat(new OnnxGraphs(CHANNELS, SIDE, SIDE)).integers("z", new int[] {-3});
        assertRefused(
                "a zero point of -3 for integers of 32 bits",
                5,
                graph.floats("w", random(5 * FEATURES), FEATURES, 5)
                        .integers("bq", new int[] {1}, 1)
                        .scalar("s", 0.5f)
                        .node("DequantizeLinear", "b", "bq", "s", "z")
                        .node("Gemm", "logits", "f", "w", "b"));
    }

    /** To five channels of bytes, with a bias whose scale is so many times that of the sums. */
    private static OnnxGraphs convolved(OnnxGraphs graph, float times) {
        layer(graph, times, 5, 3, 3, 3);
        coded(graph.node("Conv", "c", "d", "w", "b"), "c", "e", 0.1f);
        return graph.node("Flatten", "logits", "e");
    }

    /** The same for a dense layer's floats. */
    private static OnnxGraphs dense(OnnxGraphs graph, float times, String output) {
        layer(graph, times, 5, FEATURES);
        return graph.node("Flatten", "f", "d").node("Gemm", output, whole("transB", 1), "f", "w", "b");
    }

    /** The input in bytes {@code d}, weights {@code w} and a bias {@code b}. */
    private static void layer(OnnxGraphs graph, float times, long... shape) {
        int count = (int) LongStream.of(shape).reduce(1, (a, b) -> a * b);
        coded(graph, "input", "d", 0.02f)
                .signed("wq", bytes(count), shape)
                .scalar("ws", 0.01f)
                .node("DequantizeLinear", "w", "wq", "ws")
                .integers("bq", new int[] {10_000, -20_000, 30_000, 25_000, -15_000}, 5)
                .scalar("bs", times * (0.02f * 0.01f))
                .node("DequantizeLinear", "b", "bq", "bs");
    }

    private static OnnxGraphs coded(OnnxGraphs graph, String value, String decoded, float scale) {
        return graph.scalar(decoded + "_s", scale)
                .unsigned(decoded + "_z", new byte[] {(byte) 128})
                .node("QuantizeLinear", decoded + "_q", value, decoded + "_s", decoded + "_z")
                .node("DequantizeLinear", decoded, decoded + "_q", decoded + "_s", decoded + "_z");
    }

    private static OnnxGraphs signed(OnnxGraphs graph, String value) {
        return graph.scalar("s", 0.05f).signed("z", new byte[] {0}).node("QuantizeLinear", "q", value, "s", "z");
    }

    private static OnnxGraphs decoded(OnnxGraphs graph) {
        return graph.node("DequantizeLinear", "d", "q", "s").node("Flatten", "logits", "d");
    }
}
