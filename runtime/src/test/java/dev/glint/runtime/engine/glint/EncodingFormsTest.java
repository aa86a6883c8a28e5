package dev.glint.runtime.engine.glint;

import static dev.glint.runtime.engine.glint.GraphForms.assertAnswersAsOnnxRuntime;
import static dev.glint.runtime.engine.glint.GraphForms.form;

import dev.glint.runtime.testing.OnnxGraphs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
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
                        g -> decoded(signed(g.node("Tanh", "t", "input"), "t"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("taken")
    void answersAsOnnxRuntimeDoes(String name, int labels, OnnxGraphs graph) throws IOException {
        assertAnswersAsOnnxRuntime(folder, name, labels, graph, 1);
    }

    private static OnnxGraphs signed(OnnxGraphs graph, String value) {
        return graph.scalar("s", 0.05f).signed("z", new byte[] {0}).node("QuantizeLinear", "q", value, "s", "z");
    }

    private static OnnxGraphs decoded(OnnxGraphs graph) {
        return graph.node("DequantizeLinear", "d", "q", "s").node("Flatten", "logits", "d");
    }
}
