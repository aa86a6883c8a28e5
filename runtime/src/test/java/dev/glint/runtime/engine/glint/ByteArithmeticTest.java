package dev.glint.runtime.engine.glint;

import static dev.glint.runtime.testing.OnnxGraphs.whole;
import static dev.glint.runtime.testing.OnnxGraphs.wholes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.glint.runtime.engine.Binding;
import dev.glint.runtime.engine.Engine;
import dev.glint.runtime.engine.EngineOptions;
import dev.glint.runtime.engine.Session;
import dev.glint.runtime.engine.ort.OnnxRuntimeEngine;
import dev.glint.runtime.onnx.OnnxFile;
import dev.glint.runtime.onnx.OnnxLimits;
import dev.glint.runtime.testing.EngineComparison;
import dev.glint.runtime.testing.OnnxGraphs;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sums and products of every pair of bytes, for encodings that are drawn, against ONNX Runtime's. */
class ByteArithmeticTest {
    private static final int ENCODINGS = 60;

    @TempDir
    private Path folder;

    /** The encodings of both operands and of the result. */
    private record Encodings(Encoding a, Encoding b, Encoding result) {
        static Encodings draw(Random random, boolean product) {
            Encoding a = one(random);
            Encoding b = one(random);
            double reach = product ? a.scale() * b.scale() * 100 : a.scale() + b.scale();
            float scale = (float) (reach * (0.3 + random.nextDouble()));
            return new Encodings(a, b, new Encoding(scale, random.nextInt(256)));
        }

        private static Encoding one(Random random) {
            return new Encoding((float) Math.exp(random.nextGaussian() - 4), random.nextInt(256));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Add", "Mul"})
    void everyPairGivesTheSameByte(String operator) throws IOException {
        Assumptions.assumeTrue(
                System.getProperty("os.arch").equals("amd64"), "ONNX Runtime adds in fixed point on other processors");
        Random random = new Random(4);
        for (int i = 0; i < ENCODINGS; i++) {
            Encodings encodings = Encodings.draw(random, operator.equals("Mul"));
            OnnxGraphs graph = bothOperands(encodings).node(operator, "c", "a_d", "b_d");
            encode(graph, "c", encodings.result());
            assertSameBytes(graph.node("Flatten", "logits", "c_d").build(65536), encodings, 65536);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Add", "Mul"})
    void constantBytesGiveTheSameByte(String operator) throws IOException {
        Assumptions.assumeTrue(
                System.getProperty("os.arch").equals("amd64"), "ONNX Runtime adds in fixed point on other processors");
        Random random = new Random(5);
        for (int i = 0; i < ENCODINGS; i++) {
            Encodings encodings = Encodings.draw(random, operator.equals("Mul"));
            boolean perChannel = i % 3 == 0;
            byte[] constants = new byte[perChannel ? 2 : 1];
            random.nextBytes(constants);
            OnnxGraphs graph = bothOperands(encodings).node("Concat", "channels", whole("axis", 1), "a_d", "b_d");
            encode(graph, "channels", encodings.a());
            graph.unsigned("k", constants, perChannel ? new long[] {1, 2, 1, 1} : new long[0])
                    .node("DequantizeLinear", "k_d", "k", "b_s", "b_z");
            boolean first = i % 2 == 0;
            graph.node(operator, "c", first ? "k_d" : "channels_d", first ? "channels_d" : "k_d");
            encode(graph, "c", encodings.result());
            assertSameBytes(graph.node("Flatten", "logits", "c_d").build(2 * 65536), encodings, 2 * 65536);
        }
    }

    /** A hard swish: one table in Glint's engine, a sum and a product of bytes in ONNX Runtime. */
    @Test
    void productOfBytesAndWhatATableMakesOfThemGivesTheSameByte() throws IOException {
        Assumptions.assumeTrue(
                System.getProperty("os.arch").equals("amd64"), "ONNX Runtime adds in fixed point on other processors");
        Random random = new Random(6);
        for (int i = 0; i < ENCODINGS; i++) {
            Encodings encodings = Encodings.draw(random, true);
            OnnxGraphs graph = bothOperands(encodings)
                    .unsigned("k", new byte[] {(byte) random.nextInt()})
                    .node("DequantizeLinear", "k_d", "k", "b_s", "b_z")
                    .node("Add", "c", "a_d", "k_d");
            encode(graph, "c", encodings.b());
            graph.scalar("sixth", encodings.b().scale() / 6)
                    .node("DequantizeLinear", "gate", "c_q", "sixth", "c_z")
                    .node("Mul", "d", i % 2 == 0 ? "a_d" : "gate", i % 2 == 0 ? "gate" : "a_d");
            encode(
                    graph,
                    "d",
                    new Encoding(
                            encodings.result().scale() / 6, encodings.result().zeroPoint()));
            assertSameBytes(graph.node("Flatten", "logits", "d_d").build(65536), encodings, 65536);
        }
    }

    private void assertSameBytes(byte[] graph, Encodings encodings, int logits) throws IOException {
        Path file = folder.resolve("pairs.onnx");
        Files.write(file, graph);
        OnnxFile onnx = OnnxFile.read(file, OnnxLimits.defaults());
        float[] expected = run(new OnnxRuntimeEngine(), file, onnx, encodings, logits);
        float[] actual = run(new GlintEngine(new PortableKernels()), file, onnx, encodings, logits);
        assertArrayEquals(expected, actual, encodings::toString);
    }

    /** Two convolutions take the operands out of the picture's channels. */
    private static OnnxGraphs bothOperands(Encodings encodings) {
        OnnxGraphs graph = new OnnxGraphs(2, 256, 256)
                .floats("first", new float[] {1, 0}, 1, 2, 1, 1)
                .floats("second", new float[] {0, 1}, 1, 2, 1, 1)
                .node("Conv", "a", wholes("kernel_shape", 1, 1), "input", "first")
                .node("Conv", "b", wholes("kernel_shape", 1, 1), "input", "second");
        encode(graph, "a", encodings.a());
        encode(graph, "b", encodings.b());
        return graph;
    }

    private static void encode(OnnxGraphs graph, String name, Encoding encoding) {
        graph.scalar(name + "_s", encoding.scale())
                .unsigned(name + "_z", new byte[] {(byte) encoding.zeroPoint()})
                .node("QuantizeLinear", name + "_q", name, name + "_s", name + "_z")
                .node("DequantizeLinear", name + "_d", name + "_q", name + "_s", name + "_z");
    }

    private static float[] run(Engine engine, Path file, OnnxFile onnx, Encodings encodings, int logits) {
        try (Session session = engine.open(file, onnx, EngineComparison.signature(onnx), new EngineOptions(1, true));
                Binding binding = session.bind(1)) {
            FloatBuffer input = binding.input();
            for (int i = 0; i < 65536; i++) {
                input.put(i, encodings.a().decode(i >> 8));
                input.put(65536 + i, encodings.b().decode(i & 0xff));
            }
            binding.run();
            float[] output = new float[logits];
            binding.output().get(output);
            return output;
        }
    }
}
