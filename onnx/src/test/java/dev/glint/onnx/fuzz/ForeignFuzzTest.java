package dev.glint.onnx.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.glint.onnx.foreign.ForeignModel;
import dev.glint.onnx.foreign.ForeignReader;
import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.OnnxReader;
import dev.glint.onnx.graph.OnnxWriter;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.normalize.NormalizeOptions;
import dev.glint.onnx.normalize.Normalizer;
import dev.glint.onnx.testing.Graphs;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the bytes are, nothing but {@link GlintException} leaves the reader and the rules, and what they make is a model again.
 * As a plain test the seeds, some thousand damaged ones and every finding in {@code src/test/resources/dev/glint/onnx/fuzz} are
 * tried. To search with Jazzer:
 *
 * <pre>
 * JAZZER_FUZZ=1 ./mvnw -pl onnx -am test -Dtest='ForeignFuzzTest#foreign' -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Djazzer.hooks=true -Dtest.jvm.options='-Xmx512m -Djazzer.instrument=dev.glint.**'
 * </pre>
 */
class ForeignFuzzTest {
    private static final Set<Reason> BLAMES_THE_FILE = EnumSet.of(Reason.MODEL, Reason.LIMIT, Reason.USAGE);

    static Stream<byte[]> seeds() {
        return Stream.of(pytorch(), tensorflow(), caffe2());
    }

    /** Batch norm, shape arithmetic and a linear layer, at set 11. */
    private static byte[] pytorch() {
        return bytes(
                11,
                new Graphs()
                        .convolution("a", "x", 2, 3, false)
                        .batchNorm("b", "a", 3)
                        .node("Clip", "c", "b")
                        .node("Pad", "d", Map.of("pads", longs(0, 0, 1, 1, 0, 0, 1, 1)), "c")
                        .node("AveragePool", "e", Map.of("kernel_shape", longs(3, 3), "strides", longs(2, 2)), "d")
                        .constant("zero", Tensor.longs(0).withShape(List.of()))
                        .constant("rest", Tensor.longs(-1))
                        .node("Shape", "s", "e")
                        .node("Gather", "n", "s", "zero")
                        .node("Unsqueeze", "u", Map.of("axes", longs(0)), "n")
                        .node("Concat", "t", Map.of("axis", Attribute.integer(0)), "u", "rest")
                        .node("Reshape", "r", "e", "t")
                        .floats("w", 5, 27)
                        .node("Gemm", "g", Map.of("transB", Attribute.integer(1)), "r", "w")
                        .node("Softmax", "y", "g"));
    }

    /** Constant nodes, transposes, a hard swish and half precision, at set 15. */
    private static byte[] tensorflow() {
        Map<String, Attribute> six = Map.of("value", new Attribute.Constant(Tensor.scalar(6)));
        Map<String, Attribute> half = Map.of("to", Attribute.integer(ElementType.FLOAT16.code()));
        return bytes(
                15,
                new Graphs()
                        .node("Constant", "six", six)
                        .constant("three", Tensor.scalar(3))
                        .constant("zero", Tensor.scalar(0))
                        .node("Transpose", "t", Map.of("perm", longs(0, 2, 3, 1)), "x")
                        .node("Add", "a", "t", "three")
                        .node("Clip", "c", "a", "zero", "six")
                        .node("Mul", "m", "t", "c")
                        .node("Div", "d", "m", "six")
                        .node("Cast", "h", half, "d")
                        .node("Transpose", "b", Map.of("perm", longs(0, 3, 1, 2)), "h")
                        .node("ReduceMean", "e", Map.of("axes", longs(2, 3), "keepdims", Attribute.integer(0)), "b")
                        .floats("w", 2, 4)
                        .floats("v", 4)
                        .node("MatMul", "f", "e", "w")
                        .node("Add", "y", "f", "v"));
    }

    /** Weights of ConstantOfShape, Sum, and a Reshape for one batch, at set 9. */
    private static byte[] caffe2() {
        Map<String, Attribute> tenth = Map.of("value", new Attribute.Constant(Tensor.floats(List.of(1L), 0.1f)));
        return bytes(
                9,
                new Graphs()
                        .constant("ws", Tensor.longs(4, 1, 3, 3))
                        .constant("rows", Tensor.longs(1, 36))
                        .node("ConstantOfShape", "w", tenth, "ws")
                        .node(
                                "Conv",
                                "a",
                                Map.of("group", Attribute.integer(2), "auto_pad", new Attribute.Text("VALID")),
                                "x",
                                "w")
                        .node("Sum", "b", "a", "a", "a")
                        .node("MaxPool", "c", Map.of("kernel_shape", longs(2, 2)), "b")
                        .node("Reshape", "y", "c", "rows"));
    }

    private static Attribute longs(long... values) {
        return Attribute.integers(Arrays.stream(values).boxed().toList());
    }

    private static byte[] bytes(long opset, Graphs graph) {
        TreeMap<String, Long> opsets = new TreeMap<>(Map.of("", opset));
        return OnnxWriter.write(new OnnxModel(graph.build(), "test", "1", opsets, Map.of()));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20m")
    void foreign(byte[] data) {
        try {
            ForeignModel model = ForeignReader.read(data);
            for (NormalizeOptions options : options(model.model().graph())) {
                byte[] written =
                        OnnxWriter.write(Normalizer.normalize(model, options).model());
                assertArrayEquals(written, OnnxWriter.write(OnnxReader.read(written)));
            }
        } catch (GlintException e) {
            assertTrue(BLAMES_THE_FILE.contains(e.reason()), e::getMessage);
        }
    }

    private static List<NormalizeOptions> options(Graph graph) {
        NormalizeOptions all = NormalizeOptions.asInFile().withInputShape(List.of(-1L, -1L, -1L, -1L));
        NormalizeOptions chosen = graph.outputs().isEmpty()
                ? all
                : all.withOutput(graph.outputs().get(0).name());
        return List.of(chosen, chosen.withOnePicture());
    }

    /** What was written by ourselves is read by another reader, which takes less. */
    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20m")
    void own(byte[] data) {
        try {
            byte[] written = OnnxWriter.write(OnnxReader.read(data));
            assertArrayEquals(written, OnnxWriter.write(OnnxReader.read(written)));
        } catch (GlintException e) {
            assertEquals(Reason.MODEL, e.reason(), e::getMessage);
        }
    }

    static Stream<byte[]> externalSeeds() {
        return Stream.of(external("w", "2", "12"), external("w", "0", "13"), external("../w", "0", "12"));
    }

    private static byte[] external(String location, String offset, String length) {
        Map<String, String> entries = Map.of("location", location, "offset", offset, "length", length);
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName("w")
                .setDataType(1)
                .addDims(3)
                .setDataLocation(TensorProto.DataLocation.EXTERNAL);
        new TreeMap<>(entries)
                .forEach((key, value) -> tensor.addExternalData(
                        StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        try {
            ModelProto inside =
                    ModelProto.parseFrom(bytes(13, new Graphs().floats("w", 3).node("Add", "y", "x", "w")));
            return inside.toBuilder()
                    .setGraph(inside.getGraph().toBuilder().setInitializer(0, tensor))
                    .build()
                    .toByteArray();
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With a file of weights beside it, and one in the folder above that is none of its business. */
    @MethodSource("externalSeeds")
    @FuzzTest(maxDuration = "20m")
    void external(byte[] data) throws IOException {
        Path above = Files.createTempDirectory("external");
        Path folder = above.resolve("model");
        List<Path> all = List.of(folder.resolve("w"), folder.resolve("model.onnx"), above.resolve("w"), folder, above);
        try {
            Files.createDirectory(folder);
            Files.write(all.get(0), new byte[14]);
            Files.write(all.get(1), data);
            Files.write(all.get(2), new byte[14]);
            ForeignModel model = ForeignReader.read(all.get(1));
            assertTrue(
                    model.notes().stream()
                            .filter(note -> note.startsWith("tensors in the file "))
                            .allMatch("tensors in the file w"::equals),
                    model.notes()::toString);
        } catch (GlintException e) {
            assertTrue(BLAMES_THE_FILE.contains(e.reason()), e::getMessage);
            assertTrue(e.getMessage().startsWith(all.get(1).toString()), e.getMessage());
        } finally {
            for (Path file : all) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Test
    void seedsAreSound() {
        assertEquals(
                List.of(5L, 4L, 36L),
                seeds().map(data -> Normalizer.normalize(ForeignReader.read(data), NormalizeOptions.asInFile()))
                        .map(normalized ->
                                normalized.model().graph().outputs().get(0).shape())
                        .map(shape -> Long.parseLong(shape.get(1).toString()))
                        .toList());
    }

    @Test
    void damagedSeedsGiveOneKindOfFailure() {
        Random random = new Random(3);
        for (byte[] seed : seeds().toList()) {
            for (int i = 0; i < 200; i++) {
                byte[] broken = seed.clone();
                for (int flips = random.nextInt(3); flips >= 0; flips--) {
                    broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
                }
                foreign(broken);
            }
        }
    }
}
