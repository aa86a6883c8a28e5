package dev.glint.runtime.onnx;

import static dev.glint.runtime.onnx.HandMadeOnnx.assertRefused;
import static dev.glint.runtime.onnx.HandMadeOnnx.model;
import static dev.glint.runtime.onnx.HandMadeOnnx.relu;
import static dev.glint.runtime.onnx.HandMadeOnnx.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.testing.SharedData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The small reader against the generated protobuf classes. */
class OnnxFileTest {
    @TempDir
    private Path folder;

    @Test
    void readsWhatTheExporterWrites() throws IOException {
        Path model = SharedData.projectRoot().resolve("edge-samples/models/cifar10-small-vgg/int8.onnx");
        OnnxFile file = OnnxFile.read(model, OnnxLimits.defaults());
        assertSame(ModelProto.parseFrom(Files.readAllBytes(model)), file);
        PreprocessContract contract = PreprocessContract.fromJson(
                file.metadata(PreprocessContract.METADATA_KEY).orElseThrow());
        assertEquals(10, contract.labels().size());
        assertEquals(
                List.of("input"),
                file.graph().inputs().stream().map(ValueInfo::name).toList());
        assertEquals(
                Optional.of(List.of(-1L, 3L, 32L, 32L)),
                file.graph().inputs().get(0).shape());
        assertEquals(
                Optional.of(ElementKind.FLOAT), file.graph().outputs().get(0).elements());
    }

    @Test
    void readsTheFilesOfOtherExporters() throws IOException {
        int read = 0;
        try (Stream<Path> models = Files.list(SharedData.require("onnx"))) {
            for (Path model : models.map(entry -> entry.resolve("model.onnx"))
                    .filter(Files::exists)
                    .toList()) {
                String name = model.getParent().getFileName().toString();
                try {
                    assertSame(
                            ModelProto.parseFrom(Files.readAllBytes(model)),
                            OnnxFile.read(model, OnnxLimits.defaults()));
                    read++;
                } catch (GlintException e) {
                    assertEquals(Reason.MODEL, e.reason());
                    assertEquals(REFUSED.get(name), e.getMessage().replaceFirst("^.*: found ", ""), name);
                }
            }
        }
        assertTrue(read >= 20, () -> "only some were read");
    }

    /** Those that need what a classifier's file must not have. */
    private static final Map<String, String> REFUSED = Map.of(
            "mnist-dynamo-extdata",
            "tensor conv1.weight with its data in another file, expected a model that is complete in one file;"
                    + " write the model with exporter export",
            "neg-mct-quantizers",
            "operator ActivationPOTQuantizer of the domain mct_quantizers, expected operators of ONNX and ONNX Runtime;"
                    + " write the model with exporter export");

    private static void assertSame(ModelProto expected, OnnxFile file) {
        Map<String, Long> operatorSets = new TreeMap<>();
        expected.getOpsetImportList().forEach(set -> operatorSets.put(set.getDomain(), set.getVersion()));
        assertEquals(operatorSets, file.operatorSets());
        for (StringStringEntryProto entry : expected.getMetadataPropsList()) {
            assertEquals(Optional.of(entry.getValue()), file.metadata(entry.getKey()));
        }
        List<NodeProto> nodes = expected.getGraph().getNodeList();
        assertEquals(nodes.size(), file.graph().nodes().size());
        for (int i = 0; i < nodes.size(); i++) {
            OnnxNode node = file.graph().nodes().get(i);
            assertEquals(nodes.get(i).getOpType(), node.operator());
            assertEquals(List.copyOf(nodes.get(i).getInputList()), node.inputs());
            assertEquals(List.copyOf(nodes.get(i).getOutputList()), node.outputs());
            List<AttributeProto> attributes = nodes.get(i).getAttributeList();
            assertEquals(attributes.size(), node.attributes().size());
            for (int j = 0; j < attributes.size(); j++) {
                assertSame(attributes.get(j), node.attributes().get(j));
            }
        }
        List<TensorProto> tensors = expected.getGraph().getInitializerList();
        assertEquals(tensors.size(), file.graph().initializers().size());
        for (int i = 0; i < tensors.size(); i++) {
            Initializer tensor = file.graph().initializers().get(i);
            assertEquals(tensors.get(i).getName(), tensor.name());
            assertEquals(tensors.get(i).getDimsList(), tensor.shape());
            assertEquals(
                    tensors.get(i).getRawData(),
                    ByteString.copyFrom(tensor.raw().duplicate()));
            assertSameValues(tensors.get(i), tensor);
        }
        List<String> inputs = expected.getGraph().getInputList().stream()
                .map(ValueInfoProto::getName)
                .filter(name ->
                        tensors.stream().noneMatch(tensor -> tensor.getName().equals(name)))
                .toList();
        assertEquals(inputs, file.graph().inputs().stream().map(ValueInfo::name).toList());
    }

    private static void assertSame(AttributeProto expected, OnnxAttribute actual) {
        assertEquals(expected.getName(), actual.name());
        if (actual instanceof OnnxAttribute.Whole whole) {
            assertEquals(expected.getI(), whole.value());
        } else if (actual instanceof OnnxAttribute.Real real) {
            assertEquals(expected.getF(), real.value());
        } else if (actual instanceof OnnxAttribute.Text text) {
            assertEquals(expected.getS().toString(StandardCharsets.ISO_8859_1), text.value());
        } else if (actual instanceof OnnxAttribute.Wholes wholes) {
            assertEquals(
                    expected.getIntsList(),
                    Arrays.stream(wholes.values()).boxed().toList());
        } else if (actual instanceof OnnxAttribute.Reals reals) {
            for (int i = 0; i < Math.max(expected.getFloatsCount(), reals.values().length); i++) {
                assertEquals(expected.getFloats(i), reals.values()[i]);
            }
        } else if (actual instanceof OnnxAttribute.Constant constant) {
            assertEquals(expected.getT().getDimsList(), constant.value().shape());
            assertSameValues(expected.getT(), constant.value());
        } else {
            assertTrue(expected.hasG() || expected.getStringsCount() > 0, () -> "not kept: " + expected);
        }
    }

    private static void assertSameValues(TensorProto expected, Initializer actual) {
        int count = Math.toIntExact(actual.elements());
        ByteBuffer raw = expected.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        boolean fields = raw.remaining() == 0;
        switch (actual.kind()) {
            case FLOAT -> {
                float[] values = new float[count];
                actual.copyFloats(values);
                for (int i = 0; i < count; i++) {
                    assertEquals(fields ? expected.getFloatData(i) : raw.getFloat(4 * i), values[i]);
                }
            }
            case UINT8, INT8 -> {
                byte[] values = new byte[count];
                actual.copyBytes(values);
                for (int i = 0; i < count; i++) {
                    assertEquals(fields ? (byte) expected.getInt32Data(i) : raw.get(i), values[i]);
                }
            }
            case INT32, INT64 -> {
                long[] values = new long[count];
                actual.copyIntegers(values);
                boolean wide = actual.kind() == ElementKind.INT64;
                for (int i = 0; i < count; i++) {
                    long field = wide
                            ? fields ? expected.getInt64Data(i) : raw.getLong(8 * i)
                            : fields ? expected.getInt32Data(i) : raw.getInt(4 * i);
                    assertEquals(field, values[i]);
                }
            }
            default -> assertThrows(GlintException.class, () -> actual.copyFloats(new float[count]));
        }
    }

    @Test
    void readsTensorsThatAreWrittenAsFields() {
        ModelProto model = ModelProto.newBuilder()
                .setGraph(GraphProto.newBuilder()
                        .addInitializer(fields("floats", TensorProto.DataType.FLOAT)
                                .addFloatData(1.5f)
                                .addFloatData(-2))
                        .addInitializer(fields("bytes", TensorProto.DataType.UINT8)
                                .addInt32Data(255)
                                .addInt32Data(3))
                        .addInitializer(fields("signed", TensorProto.DataType.INT8)
                                .addInt32Data(-128)
                                .addInt32Data(3))
                        .addInitializer(fields("ints", TensorProto.DataType.INT32)
                                .addInt32Data(-7)
                                .addInt32Data(1 << 30))
                        .addInitializer(fields("longs", TensorProto.DataType.INT64)
                                .addInt64Data(-1)
                                .addInt64Data(1L << 60)))
                .build();
        assertSame(model, OnnxFile.parse(ByteBuffer.wrap(model.toByteArray()), OnnxLimits.defaults()));
        assertEquals(
                "no ONNX model (fewer elements in tensor floats than its shape [3] has)",
                found(fields("floats", TensorProto.DataType.FLOAT)
                        .setDims(0, 3)
                        .addFloatData(1)
                        .addFloatData(2)));
        assertEquals(
                "no ONNX model (more elements in tensor floats than its shape [2] has)",
                found(fields("floats", TensorProto.DataType.FLOAT)
                        .addFloatData(1)
                        .addFloatData(2)
                        .addFloatData(3)));
        assertRefused(
                "vast",
                "a tensor of shape [1073741824]",
                model(GraphProto.newBuilder()
                        .addInitializer(fields("vast", TensorProto.DataType.FLOAT)
                                .setDims(0, 1 << 30)
                                .addFloatData(1))));
    }

    private static TensorProto.Builder fields(String name, TensorProto.DataType type) {
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(type.getNumber())
                .addDims(2);
    }

    private static String found(TensorProto.Builder tensor) {
        OnnxFile file = OnnxFile.parse(
                ByteBuffer.wrap(model(GraphProto.newBuilder().addInitializer(tensor))), OnnxLimits.defaults());
        GlintException refusal = assertThrows(
                GlintException.class, () -> file.graph().initializers().get(0).copyFloats(new float[3]));
        return refusal.getMessage().replaceAll("^found |, expected.*", "");
    }

    @Test
    void readsAttributesOfEveryKind() {
        NodeProto node = NodeProto.newBuilder()
                .setOpType("Everything")
                .addAttribute(AttributeProto.newBuilder().setName("whole").setI(-5))
                .addAttribute(AttributeProto.newBuilder().setName("zero").setType(AttributeProto.AttributeType.INT))
                .addAttribute(AttributeProto.newBuilder().setName("real").setF(0.25f))
                .addAttribute(AttributeProto.newBuilder().setName("text").setS(ByteString.copyFromUtf8("SAME_UPPER")))
                .addAttribute(
                        AttributeProto.newBuilder().setName("wholes").addAllInts(List.of(1L, -2L, 3L, 4L, 5L, 6L)))
                .addAttribute(AttributeProto.newBuilder().setName("reals").addAllFloats(List.of(1f, 2f, 3f, 4f, 5f)))
                .addAttribute(AttributeProto.newBuilder().setName("none").setType(AttributeProto.AttributeType.INTS))
                .addAttribute(AttributeProto.newBuilder().setName("texts").addStrings(ByteString.copyFromUtf8("a")))
                .addAttribute(AttributeProto.newBuilder()
                        .setName("constant")
                        .setT(fields("", TensorProto.DataType.FLOAT)
                                .addFloatData(1)
                                .addFloatData(2)))
                .addAttribute(AttributeProto.newBuilder()
                        .setName("graph")
                        .setG(GraphProto.newBuilder().addNode(relu("a", "b"))))
                .build();
        ModelProto model = ModelProto.newBuilder()
                .setGraph(GraphProto.newBuilder().addNode(node))
                .build();
        OnnxFile file = OnnxFile.parse(ByteBuffer.wrap(model.toByteArray()), OnnxLimits.defaults());
        assertSame(model, file);
        assertEquals(
                List.of("Whole", "Whole", "Real", "Text", "Wholes", "Reals", "Wholes", "Other", "Constant", "Other"),
                file.graph().nodes().get(0).attributes().stream()
                        .map(attribute -> attribute.getClass().getSimpleName())
                        .toList());
    }

    /** A list that no classifier needs is passed over; many that one might need are refused. */
    @Test
    void keepsNoAttributesWithoutEnd() {
        AttributeProto.Builder list = AttributeProto.newBuilder().setName("list");
        for (int i = 0; i < 1024; i++) {
            list.addInts(i);
        }
        NodeProto.Builder node = NodeProto.newBuilder().setOpType("Long").addAttribute(list);
        OnnxAttribute kept = OnnxFile.parse(
                        ByteBuffer.wrap(model(GraphProto.newBuilder().addNode(node))), OnnxLimits.defaults())
                .graph()
                .nodes()
                .get(0)
                .attributes()
                .get(0);
        assertEquals(1024, ((OnnxAttribute.Wholes) kept).values().length);
        GraphProto.Builder many = GraphProto.newBuilder();
        for (int i = 0; i < 1000; i++) {
            many.addNode(node);
        }
        assertRefused("many", "more attributes", model(many));
        node.setAttribute(0, list.addInts(1024));
        kept = OnnxFile.parse(ByteBuffer.wrap(model(GraphProto.newBuilder().addNode(node))), OnnxLimits.defaults())
                .graph()
                .nodes()
                .get(0)
                .attributes()
                .get(0);
        assertEquals(new OnnxAttribute.Other("list"), kept);
    }

    @Test
    void readsNodesThatStandBeforeWhatTheyTake() {
        byte[] model = model(GraphProto.newBuilder().addNode(relu("b", "c")).addNode(relu("a", "b")));

        OnnxGraph graph =
                OnnxFile.parse(ByteBuffer.wrap(model), OnnxLimits.defaults()).graph();

        assertEquals(List.of("c"), graph.nodes().get(0).outputs());
    }

    @Test
    void stepsOverFieldsOfEveryKind() {
        ModelProto model = ModelProto.newBuilder()
                .setGraph(GraphProto.newBuilder())
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                500,
                                UnknownFieldSet.Field.newBuilder()
                                        .addVarint(-1)
                                        .addFixed32(1)
                                        .addFixed64(-1)
                                        .addLengthDelimited(ByteString.copyFrom(new byte[30_000]))
                                        .build())
                        .build())
                .addMetadataProps(
                        StringStringEntryProto.newBuilder().setKey("k").setValue("\u7ea2 \ud83d\udc15"))
                .build();
        OnnxFile file = OnnxFile.parse(ByteBuffer.wrap(model.toByteArray()), OnnxLimits.defaults());
        assertEquals(Optional.of("\u7ea2 \ud83d\udc15"), file.metadata("k"));
        assertEquals(Optional.empty(), file.metadata("absent"));
    }
}
