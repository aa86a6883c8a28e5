package dev.glint.onnx.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.glint.onnx.graph.ValueInfo.Dimension;
import dev.glint.onnx.testing.Graphs;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxFilesTest {
    private static final OnnxModel MODEL = model();

    private static OnnxModel model() {
        Map<String, Attribute> attributes = Map.of(
                "i", Attribute.integer(-3),
                "f", Attribute.real(0.5f),
                "s", new Attribute.Text("Grün"),
                "is", Attribute.integers(List.of(1L, -2L)),
                "fs", new Attribute.Reals(List.of(1f, Float.MIN_VALUE)),
                "ss", new Attribute.Texts(List.of("a", "")),
                "t", new Attribute.Constant(Tensor.floats(List.of(2L), 1, 2)));
        Map<String, Tensor> initializers = new LinkedHashMap<>();
        initializers.put("w", Tensor.floats(List.of(2L, 1L), 1, -2));
        initializers.put("shape", Tensor.longs(-1, 2));
        initializers.put("bytes", new Tensor(ElementType.INT8, List.of(3L), new byte[] {-1, 0, 1}));
        initializers.put("empty", new Tensor(ElementType.INT32, List.of(0L), new byte[0]));
        initializers.put("scalar", Tensor.scalar(3));
        Graph graph = new Graph(
                "g",
                List.of(new ValueInfo(
                        "x",
                        ElementType.FLOAT,
                        List.of(new Dimension.Free("N"), new Dimension.Fixed(2), new Dimension.Free("")))),
                List.of(new ValueInfo("y", ElementType.UINT8, List.of()), new ValueInfo("z", ElementType.FLOAT, null)),
                List.of(
                        new Node("first", "Odd", List.of("x", "", "w"), List.of("y", "", "unused"), attributes),
                        new Node("second", "Odd", List.of("y"), List.of("z"), Map.of())),
                initializers);
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("z", "last letter first");
        metadata.put("a", "ünïcode");
        return OnnxModel.fromGraph(graph, metadata);
    }

    @Test
    void nodesWithoutNamesGetSomeThatNobodyHas() {
        Graph graph = new Graphs()
                .node("Relu", "a", "x")
                .node("Relu", "b", "a")
                .node("Relu", "c", "b")
                .node("Relu", "y", "c")
                .build();
        List<Node> nodes = new ArrayList<>();
        for (String name : List.of("", "", "Relu#2", "Relu_2")) {
            Node node = graph.nodes().get(nodes.size());
            nodes.add(new Node(name, node.op(), node.inputs(), node.outputs(), Map.of()));
        }
        OnnxModel model = OnnxModel.fromGraph(graph.withNodes(nodes), Map.of());
        List<Node> read = OnnxReader.read(OnnxWriter.write(model)).graph().nodes();
        assertEquals(4, read.stream().map(Node::name).distinct().count(), read::toString);
    }

    @Test
    void whatIsWrittenIsRead() {
        byte[] bytes = OnnxWriter.write(MODEL);
        OnnxModel read = OnnxReader.read(bytes);
        assertEquals(MODEL, read);
        assertEquals(List.of("z", "a"), List.copyOf(read.metadata().keySet()));
        assertArrayEquals(bytes, OnnxWriter.write(read), "the same bytes again");
    }

    @Test
    void elementsInFieldsPerTypeAreTheSame() {
        TensorProto.Builder floats = TensorProto.newBuilder()
                .setName("f")
                .setDataType(1)
                .addDims(2)
                .addFloatData(1)
                .addFloatData(-2);
        TensorProto.Builder longs =
                TensorProto.newBuilder().setName("l").setDataType(7).addDims(1).addInt64Data(-5);
        TensorProto.Builder bytes = TensorProto.newBuilder()
                .setName("b")
                .setDataType(2)
                .addDims(2)
                .addInt32Data(255)
                .addInt32Data(1);
        Map<String, Tensor> read = OnnxReader.read(model(GraphProto.newBuilder()
                        .addInitializer(floats)
                        .addInitializer(longs)
                        .addInitializer(bytes)))
                .graph()
                .initializers();
        assertArrayEquals(new float[] {1, -2}, read.get("f").toFloats());
        assertArrayEquals(new long[] {-5}, read.get("l").toLongs());
        assertArrayEquals(new byte[] {-1, 1}, read.get("b").data());
    }

    @Test
    void externalDataIsRefused() {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName("w")
                .setDataType(1)
                .addDims(1)
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(
                        StringStringEntryProto.newBuilder().setKey("location").setValue("/etc/passwd"));
        assertTrue(refusal(GraphProto.newBuilder().addInitializer(tensor)).contains("tensor w lies in another file"));
    }

    @Test
    void wrongSizesAreRefused() {
        TensorProto.Builder small = TensorProto.newBuilder()
                .setName("w")
                .setDataType(1)
                .addDims(2)
                .setRawData(ByteString.copyFrom(new byte[4]));
        assertTrue(refusal(GraphProto.newBuilder().addInitializer(small)).contains("4 bytes for FLOAT [2]"));
        TensorProto.Builder huge = TensorProto.newBuilder()
                .setName("w")
                .setDataType(1)
                .addDims(1L << 40)
                .addDims(1L << 40)
                .setRawData(ByteString.EMPTY);
        assertTrue(refusal(GraphProto.newBuilder().addInitializer(huge)).contains("overflow"));
        TensorProto.Builder negative =
                TensorProto.newBuilder().setName("w").setDataType(1).addDims(-1);
        assertTrue(refusal(GraphProto.newBuilder().addInitializer(negative)).contains("[-1]"));
    }

    @Test
    void subgraphsAndForeignTypesAreRefused() {
        NodeProto.Builder branch = NodeProto.newBuilder()
                .setOpType("If")
                .addOutput("y")
                .addAttribute(
                        AttributeProto.newBuilder().setName("then_branch").setType(AttributeProto.AttributeType.GRAPH));
        assertTrue(refusal(GraphProto.newBuilder().addNode(branch)).contains("then_branch of type GRAPH"));
        TensorProto.Builder text = TensorProto.newBuilder().setName("w").setDataType(8);
        assertTrue(refusal(GraphProto.newBuilder().addInitializer(text)).contains("element type 8"));
    }

    @Test
    void graphsThatCannotRunAreRefused() {
        NodeProto.Builder early =
                NodeProto.newBuilder().setOpType("Relu").addInput("later").addOutput("y");
        assertTrue(refusal(GraphProto.newBuilder().addNode(early)).contains("before it is made"));
        NodeProto.Builder make = NodeProto.newBuilder().setOpType("Odd").addOutput("y");
        assertTrue(refusal(GraphProto.newBuilder().addNode(make).addNode(make)).contains("made twice"));
    }

    @Test
    void brokenBytesGiveOneKindOfFailure() {
        byte[] sound = OnnxWriter.write(MODEL);
        for (int length = 0; length < sound.length; length++) {
            refusedOrRead(Arrays.copyOf(sound, length));
        }
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] broken = sound.clone();
            for (int flips = random.nextInt(3); flips >= 0; flips--) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
            }
            refusedOrRead(broken);
        }
    }

    private static void refusedOrRead(byte[] bytes) {
        try {
            OnnxReader.read(bytes);
        } catch (GlintException e) {
            assertEquals(Reason.MODEL, e.reason());
        }
    }

    @Test
    void missingFileIsNamed(@TempDir Path folder) {
        Path file = folder.resolve("none.onnx");
        GlintException missing = assertThrows(GlintException.class, () -> OnnxReader.read(file));
        assertTrue(String.valueOf(missing.getMessage()).startsWith(file + ": "), missing.getMessage());
    }

    private static String refusal(GraphProto.Builder graph) {
        GlintException refused = assertThrows(GlintException.class, () -> OnnxReader.read(model(graph)));
        assertEquals(Reason.MODEL, refused.reason());
        return String.valueOf(refused.getMessage());
    }

    private static byte[] model(GraphProto.Builder graph) {
        return ModelProto.newBuilder().setGraph(graph).build().toByteArray();
    }
}
