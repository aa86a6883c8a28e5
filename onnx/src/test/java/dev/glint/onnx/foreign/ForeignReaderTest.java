package dev.glint.onnx.foreign;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.ValueInfo;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForeignReaderTest {
    private static final int STRING = TensorProto.DataType.STRING_VALUE;

    @TempDir
    private Path folder;

    @Test
    void initializersAmongTheInputsAreNone() throws IOException {
        GraphProto.Builder graph = relu().addInput(value("w", 1)).addInitializer(weights("w"));
        ForeignModel model = read(graph, 7);
        assertEquals(
                List.of("x"),
                model.model().graph().inputs().stream().map(ValueInfo::name).toList());
        assertEquals(List.of("1 initializers listed among the inputs"), model.notes());
        assertEquals(7, model.opset());
    }

    @ParameterizedTest
    @CsvSource({"6", "22", "-1", "0"})
    void unknownOperatorSetsAreRefused(long opset) {
        String refused = refusal(relu(), opset);
        assertTrue(
                refused.contains("operator set " + opset + ", expected ONNX's own operators of set 7 to 21"), refused);
    }

    @Test
    void modelsWithoutOperatorSetAreRefused() throws IOException {
        ModelProto.Builder model =
                ModelProto.newBuilder().setProducerName("CNTK").setGraph(relu());
        String refused = refusal(model);
        assertTrue(refused.contains("no operator set at all (written by CNTK)"), refused);
        model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("ai.onnx.ml"));
        refused = refusal(model);
        assertTrue(refused.contains("the operator sets [ai.onnx.ml] only"), refused);
    }

    @ParameterizedTest
    @CsvSource({
        "'', QLinearConv, an already quantised model (1 QLinearConv)",
        "'', DequantizeLinear, an already quantised model (1 DequantizeLinear)",
        "'', ConvInteger, an already quantised model (1 ConvInteger)",
        "com.microsoft, QGemm, an already quantised model (1 com.microsoft.QGemm)",
        "com.microsoft, FusedConv, operators of ONNX Runtime's own (1 com.microsoft.FusedConv)",
        "mct_quantizers, Any, operators of an unknown domain (1 mct_quantizers.Any)",
    })
    void operatorsOfOthersAreRefused(String domain, String op, String found) {
        GraphProto.Builder graph =
                graph().addNode(node(op, "y", "x").setDomain(domain)).addOutput(value("y", 1));
        String refused = refusal(graph, 17);
        assertTrue(refused.contains("found " + found), refused);
    }

    @Test
    void subgraphsAndSparseTensorsAreRefused() {
        GraphProto.Builder branch = graph().addNode(node("If", "y", "x")
                        .addAttribute(AttributeProto.newBuilder()
                                .setName("then_branch")
                                .setType(AttributeProto.AttributeType.GRAPH)))
                .addOutput(value("y", 1));
        assertTrue(refusal(branch, 17).contains("found sub-graphs (1 If)"));
        GraphProto.Builder sparse = relu();
        sparse.addSparseInitializerBuilder();
        assertTrue(refusal(sparse, 17).contains("sparse tensors"));
    }

    @Test
    void functionsAreWrittenOutWhereTheyAreCalled() {
        AttributeProto.Builder slope = AttributeProto.newBuilder()
                .setName("alpha")
                .setType(AttributeProto.AttributeType.FLOAT)
                .setRefAttrName("slope");
        FunctionProto.Builder inner = function("Inner", "a", "b")
                .addAttribute("slope")
                .addNode(node("LeakyRelu", "b", "a").addAttribute(slope));
        FunctionProto.Builder outer = function("Outer", "a", "b")
                .addNode(node("Inner", "t", "a").setDomain("own").addAttribute(real("slope", 0.5f)))
                .addNode(node("Inner", "u", "t").setDomain("own"))
                .addNode(node("Neg", "b", "u"));
        GraphProto.Builder graph = graph().addNode(node("Outer", "t", "x").setDomain("own"))
                .addNode(node("Outer", "y", "t").setDomain("own"))
                .addOutput(value("y", 1));
        ForeignModel model = ForeignReader.read(model(graph, 17, inner, outer));
        List<Node> nodes = model.model().graph().nodes();
        assertEquals(
                List.of("LeakyRelu", "LeakyRelu", "Neg", "LeakyRelu", "LeakyRelu", "Neg"),
                nodes.stream().map(Node::op).toList());
        assertEquals(0.5f, nodes.get(0).real("alpha", 0));
        assertTrue(
                nodes.get(1).attributes().isEmpty(), "a setting that the call leaves out has the operator's default");
        assertEquals(nodes.get(0).output(), nodes.get(1).input(0));
        assertEquals("t", nodes.get(2).output());
        assertEquals("t", nodes.get(3).input(0));
        assertEquals("y", nodes.get(5).output());
        assertEquals(List.of("6 calls of functions written out"), model.notes());
    }

    @Test
    void functionsThatNeverEndAreRefused() {
        GraphProto.Builder graph =
                graph().addNode(node("Self", "y", "x").setDomain("own")).addOutput(value("y", 1));
        FunctionProto.Builder self =
                function("Self", "a", "b").addNode(node("Self", "b", "a").setDomain("own"));
        assertTrue(refusal(model(graph, 17, self)).contains("functions that call each other 32 deep"));
        FunctionProto.Builder last = function("F0", "a", "b").addNode(node("Relu", "b", "a"));
        List<FunctionProto.Builder> doubling = new ArrayList<>(List.of(last));
        for (int i = 1; i < 30; i++) {
            doubling.add(function("F" + i, "a", "b")
                    .addNode(node("F" + (i - 1), "t", "a").setDomain("own"))
                    .addNode(node("F" + (i - 1), "b", "t").setDomain("own")));
        }
        GraphProto.Builder bomb =
                graph().addNode(node("F29", "y", "x").setDomain("own")).addOutput(value("y", 1));
        String refused = refusal(model(bomb, 17, doubling.toArray(FunctionProto.Builder[]::new)));
        assertTrue(refused.contains("more than 200000"), refused);
    }

    private static FunctionProto.Builder function(String name, String input, String output) {
        return FunctionProto.newBuilder()
                .setDomain("own")
                .setName(name)
                .addInput(input)
                .addOutput(output);
    }

    private static AttributeProto real(String name, float value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.FLOAT)
                .setF(value)
                .build();
    }

    @Test
    void labelsAndMapsAreLeftOutForTheScoresBeforeThem() throws IOException {
        NodeProto.Builder texts = node("Constant", "texts")
                .addAttribute(AttributeProto.newBuilder()
                        .setName("value")
                        .setType(AttributeProto.AttributeType.TENSOR)
                        .setT(TensorProto.newBuilder().setDataType(STRING)));
        GraphProto.Builder graph = graph().addNode(texts)
                .addNode(node("Sigmoid", "scores", "x"))
                .addNode(node("ArgMax", "best", "scores"))
                .addNode(node("ArrayFeatureExtractor", "label", "texts", "best").setDomain("ai.onnx.ml"))
                .addNode(node("ZipMap", "map", "scores").setDomain("ai.onnx.ml"))
                .addOutput(value("label", STRING))
                .addOutput(ValueInfoProto.newBuilder()
                        .setName("map")
                        .setType(TypeProto.newBuilder().setSequenceType(TypeProto.Sequence.newBuilder())));
        ForeignModel model = read(graph, 7);
        assertEquals(
                List.of("scores"),
                model.model().graph().outputs().stream().map(ValueInfo::name).toList());
        assertEquals(
                List.of("Sigmoid", "ArgMax"),
                model.model().graph().nodes().stream().map(Node::op).toList());
        assertEquals(3, model.notes().size(), model.notes()::toString);
    }

    @Test
    void tensorsBesideTheModelAreRead() throws IOException {
        Files.write(folder.resolve("weights.bin"), new byte[] {9, 9, 0, 0, (byte) 128, 63, 0, 0, 0, 64, 9});
        ForeignModel model = ForeignReader.read(write(relu().addInitializer(external("weights.bin", "2", "8"))));
        assertArrayEquals(
                new float[] {1, 2},
                model.model().graph().initializers().get("w").toFloats());
        assertEquals(List.of("tensors in the file weights.bin"), model.notes());
    }

    @ParameterizedTest
    @CsvSource({
        "../secret, 0, 8, no plain name",
        "/etc/passwd, 0, 8, no plain name",
        "sub/file, 0, 8, no plain name",
        "'a\\b', 0, 8, no plain name",
        ".., 0, 8, no plain name",
        "'', 0, 8, no plain name",
        "absent, 0, 8, which is not there",
        "link, 0, 8, which leads out of the model's folder",
        "weights.bin, 4, 8, ends behind the file",
        "weights.bin, 9223372036854775807, 8, ends behind the file",
        "weights.bin, -1, 8, has the offset -1",
        "weights.bin, 0, 9, 'has 9 bytes, not 8'",
        "weights.bin, zero, 8, 'has the offset \"zero\"'",
    })
    void otherPlacesAreRefused(String location, String offset, String length, String found) throws IOException {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        Files.write(folder.resolve("secret"), new byte[100]);
        Files.createSymbolicLink(inner.resolve("link"), folder.resolve("secret"));
        Files.write(inner.resolve("weights.bin"), new byte[10]);
        Path file = inner.resolve("model.onnx");
        Files.write(file, model(relu().addInitializer(external(location, offset, length)), 17));
        GlintException refused = assertThrows(GlintException.class, () -> ForeignReader.read(file));
        String message = String.valueOf(refused.getMessage());
        assertEquals(Reason.MODEL, refused.reason());
        assertTrue(message.startsWith(file + ": found no valid ONNX model (tensor w in the file"), message);
        assertTrue(message.contains(found), message);
    }

    @Test
    void brokenBytesGiveOneKindOfFailure() throws IOException {
        byte[] sound = model(relu().addInput(value("w", 1)).addInitializer(weights("w")), 7);
        Random random = new Random(2);
        for (int i = 0; i < 20_000; i++) {
            byte[] broken = i < sound.length ? Arrays.copyOf(sound, i) : sound.clone();
            for (int flips = i < sound.length ? 0 : 1 + random.nextInt(3); flips > 0; flips--) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
            }
            try {
                ForeignReader.read(broken);
            } catch (GlintException e) {
                assertEquals(Reason.MODEL, e.reason());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "neg-no-opset-cntk24, 'no operator set at all (written by CNTK 2.4)'",
        "neg-mct-quantizers, mct_quantizers.WeightsSymmetricQuantizer",
        "cifar10-tinymobilenet-int8, 'an already quantised model (2 DequantizeLinear, 13 QLinearConv, '",
    })
    void realFilesAreRefusedWithTheirReason(String name, String found) {
        Path file = SharedData.require("onnx/" + name + "/model.onnx");
        GlintException refused = assertThrows(GlintException.class, () -> ForeignReader.read(file));
        assertTrue(String.valueOf(refused.getMessage()).contains(found), refused::getMessage);
    }

    private static GraphProto.Builder graph() {
        return GraphProto.newBuilder().setName("g").addInput(value("x", 1));
    }

    private static GraphProto.Builder relu() {
        return graph().addNode(node("Relu", "y", "x")).addOutput(value("y", 1));
    }

    private static NodeProto.Builder node(String op, String output, String... inputs) {
        return NodeProto.newBuilder().setOpType(op).addOutput(output).addAllInput(List.of(inputs));
    }

    private static ValueInfoProto value(String name, int type) {
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type)))
                .build();
    }

    private static TensorProto.Builder weights(String name) {
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(1)
                .addDims(1)
                .setRawData(ByteString.copyFrom(new byte[4]));
    }

    private static TensorProto.Builder external(String location, String offset, String length) {
        return TensorProto.newBuilder()
                .setName("w")
                .setDataType(1)
                .addDims(2)
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry("location", location))
                .addExternalData(entry("offset", offset))
                .addExternalData(entry("length", length));
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    private Path write(GraphProto.Builder graph) throws IOException {
        return Files.write(folder.resolve("model.onnx"), model(graph, 17));
    }

    private static byte[] model(GraphProto.Builder graph, long opset, FunctionProto.Builder... functions) {
        ModelProto.Builder model = ModelProto.newBuilder()
                .setGraph(graph)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset));
        List.of(functions).forEach(model::addFunctions);
        return model.build().toByteArray();
    }

    private static ForeignModel read(GraphProto.Builder graph, long opset) {
        return ForeignReader.read(model(graph, opset));
    }

    private static String refusal(GraphProto.Builder graph, long opset) {
        GlintException refused = assertThrows(GlintException.class, () -> read(graph, opset));
        assertEquals(Reason.MODEL, refused.reason());
        return String.valueOf(refused.getMessage());
    }

    private static String refusal(ModelProto.Builder model) {
        return refusal(model.build().toByteArray());
    }

    private static String refusal(byte[] bytes) {
        GlintException refused = assertThrows(GlintException.class, () -> ForeignReader.read(bytes));
        return String.valueOf(refused.getMessage());
    }
}
