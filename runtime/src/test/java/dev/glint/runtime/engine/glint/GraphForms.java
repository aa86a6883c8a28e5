package dev.glint.runtime.engine.glint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.onnx.OnnxFile;
import dev.glint.runtime.onnx.OnnxLimits;
import dev.glint.runtime.testing.EngineComparison;
import dev.glint.runtime.testing.OnnxGraphs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.provider.Arguments;

/** Graphs of one operator or two, over a picture of 3 channels and 4x4 pixels. */
final class GraphForms {
    static final GlintEngine ENGINE = new GlintEngine(new PortableKernels());
    static final int CHANNELS = 3;
    static final int SIDE = 4;
    static final int FEATURES = CHANNELS * SIDE * SIDE;

    private GraphForms() {}

    static Arguments form(String name, int labels, UnaryOperator<OnnxGraphs> form) {
        return Arguments.of(name, labels, form.apply(new OnnxGraphs(CHANNELS, SIDE, SIDE)));
    }

    /** The picture's values in one row, {@code f}. */
    static OnnxGraphs flat(OnnxGraphs graph) {
        return graph.node("Flatten", "f", "input");
    }

    static float[] random(int count) {
        Random random = new Random(count);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    static byte[] bytes(int count) {
        byte[] values = new byte[count];
        new Random(count).nextBytes(values);
        return values;
    }

    /** ONNX Runtime and this engine say the same, up to the order of sums. */
    static void assertAnswersAsOnnxRuntime(Path folder, String name, int labels, OnnxGraphs graph, int batch)
            throws IOException {
        Path file = Files.write(folder.resolve("form.onnx"), graph.build(labels));
        EngineComparison both = EngineComparison.run(file, batch, 1);
        assertTrue(both.largest() > 0, name);
        assertTrue(both.difference() <= 1e-5 * both.largest(), () -> name + ": apart by " + both.difference());
    }

    static void assertRefused(String reason, int labels, OnnxGraphs graph) {
        assertEquals(Optional.of(reason), refusal(labels, graph));
    }

    /** Why the engine does not take a graph with so many labels; empty if it does. */
    static Optional<String> refusal(int labels, OnnxGraphs graph) {
        OnnxFile onnx = OnnxFile.parse(ByteBuffer.wrap(graph.build(labels)), OnnxLimits.defaults());
        return ENGINE.refusal(onnx, EngineComparison.signature(onnx));
    }
}
