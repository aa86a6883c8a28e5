package dev.glint.exporter.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.glint.exporter.testing.CommandRun;
import dev.glint.exporter.testing.Folders;
import dev.glint.exporter.testing.ForeignNetwork;
import dev.glint.onnx.graph.OnnxWriter;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.graph.ValueInfo.Dimension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that cannot be imported, and words that do not fit them: one line, the exit code for it, and nothing is written. */
class ImportRefusalTest {
    private static final List<String> PICTURES =
            List.of("--color", "rgb", "--resize", "exact", "--scale", "1", "--mean", "0", "--std", "1");

    @TempDir
    private Path temporary;

    private Path file = Path.of("");
    private Path labels = Path.of("");

    @BeforeEach
    void writeFiles() throws IOException {
        file = ForeignNetwork.planes(4).write(temporary.resolve("net.onnx"));
        labels = Files.write(temporary.resolve("labels.txt"), List.of("a", "b", "c", "d"));
    }

    @Test
    void fileThatIsNone() throws IOException {
        refused(4, "nowhere.onnx: found no file", temporary.resolve("nowhere.onnx"));
        refused(4, "net.onnx: found no valid ONNX model", Files.writeString(file, "a text file"));
    }

    @Test
    void truncatedFile() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        for (int length : new int[] {bytes.length - 1, bytes.length / 2, 40}) {
            refused(4, "net.onnx: found no", Files.write(file, Arrays.copyOf(bytes, length)));
        }
    }

    @Test
    void operatorThatNoRuleKnows() throws IOException {
        file = ForeignNetwork.planes(4).then("Einsum", Map.of()).write(file);
        refused(4, "Einsum", file);
    }

    @Test
    void unknownDomain() throws IOException {
        file = ForeignNetwork.planes(4).thenForeign("my.operators", "Squash").write(file);
        refused(4, "an unknown domain (1 my.operators.Squash)", file);
    }

    @Test
    void modelThatIsQuantizedAlready() throws IOException {
        file = ForeignNetwork.planes(4).then("DynamicQuantizeLinear", Map.of()).write(file);
        refused(4, "an already quantised model", file);
    }

    @Test
    void noOperatorSet() throws IOException {
        ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
        Files.write(file, model.clearOpsetImport().build().toByteArray());
        refused(4, "no operator set at all (written by elsewhere 2.0)", file);
    }

    @Test
    void operatorSetOfTheFuture() throws IOException {
        Files.write(file, OnnxWriter.write(ForeignNetwork.planes(4).model(99)));
        refused(4, "operator set 99", file);
    }

    @Test
    void whatMakesMuchOfLittle() throws IOException {
        ForeignNetwork tiled =
                ForeignNetwork.sized(4, new Dimension.Free("N"), new Dimension.Free("H"), ForeignNetwork.fixed(8));
        tiled.then("Tile", Map.of(), tiled.constant("times", Tensor.longs(1, 1, 3000, 3000)));
        file = tiled.network().write(file);
        refused(4, "net.onnx: found a node Tile that makes [1, 3, 24000, 24000] of 192 numbers", file, "--size", "8");
    }

    @Test
    void whatMakesMuchForNobody() throws IOException {
        ForeignNetwork aside = ForeignNetwork.planes(4);
        aside.constant("sizes", Tensor.longs(1 << 16, 1 << 16));
        file = aside.write(file);
        ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
        model.getGraphBuilder()
                .addNode(NodeProto.newBuilder()
                        .setOpType("ConstantOfShape")
                        .addInput("sizes")
                        .addOutput("nobody"));
        Files.write(file, model.build().toByteArray());
        refused(4, "net.onnx: found a node ConstantOfShape that makes [65536, 65536]", file);
    }

    @Test
    void twoInputs() throws IOException {
        ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
        model.getGraphBuilder()
                .addInput(model.getGraph().getInput(0).toBuilder().setName("distance"));
        Files.write(file, model.build().toByteArray());
        refused(4, "found 2 inputs, pixels FLOAT[N, 3, 8, 8] and distance FLOAT[N, 3, 8, 8]", file);
    }

    @Test
    void tensorsOutsideTheFolder() throws IOException {
        Path secret = Files.write(temporary.resolve("secret"), new byte[6 * 4 * 4]);
        Path folder = Files.createDirectory(temporary.resolve("folder"));
        for (String location : List.of("../secret", secret.toString())) {
            Path pointing = Files.write(folder.resolve("net.onnx"), withWeightsIn(location));
            refused(4, "net.onnx: found no valid ONNX model", pointing);
        }
        Files.createSymbolicLink(folder.resolve("link"), secret);
        refused(
                4,
                "net.onnx: found no valid ONNX model",
                Files.write(folder.resolve("net.onnx"), withWeightsIn("link")));
        refused(
                4,
                "net.onnx: found no valid ONNX model",
                Files.write(folder.resolve("net.onnx"), withWeightsIn("gone")));
    }

    private byte[] withWeightsIn(String location) throws IOException {
        ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
        for (TensorProto.Builder tensor : model.getGraphBuilder().getInitializerBuilderList()) {
            if (tensor.getName().equals("weights")) {
                tensor.clearRawData()
                        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                        .addExternalData(StringStringEntryProto.newBuilder()
                                .setKey("location")
                                .setValue(location));
            }
        }
        return model.build().toByteArray();
    }

    @Test
    void wrongNumberOfLabels() throws IOException {
        Files.write(labels, List.of("a", "b", "c", "d", "e"));
        refused(4, "net.onnx: found 5 labels for 4 classes", file);
        Files.write(labels, List.of("a", "a"));
        refused(4, "found 2 labels for 4 classes", file);
        Files.write(labels, List.of("a", ""));
        refused(3, "labels.txt: found an empty line 2", file);
    }

    @Test
    void sizeThatDoesNotFit() throws IOException {
        refused(2, "--size: found 9x8, expected 8x8 pixels of FLOAT, which the file takes", file, "--size", "9x8");
        refused(2, "--size: found 8by8, expected a size", file, "--size", "8by8");
        refused(2, "--crop: found 7x7", file, "--crop", "7");
        refused(
                2,
                "expected what a contract can say",
                ForeignNetwork.sized(4, new Dimension.Free(""), new Dimension.Free(""), new Dimension.Free(""))
                        .network()
                        .write(file),
                "--size",
                "16385");
    }

    @Test
    void layoutThatTheFileContradicts() throws IOException {
        refused(2, "--layout: found nhwc, expected the order of the dimensions of pixels", file, "--layout", "nhwc");
    }

    @Test
    void colorThatTheFileContradicts() throws IOException {
        refused(
                4,
                "expected pictures that are gray, as --color or the preset says",
                List.of("--color", "gray", "--resize", "exact", "--scale", "1", "--mean", "0", "--std", "1"),
                file);
    }

    @Test
    void outputKindThatTheFileContradicts() throws IOException {
        file = ForeignNetwork.planes(4).then("Softmax", Map.of()).write(file);
        refused(2, "--output-kind: found logits, expected what Softmax", file, "--output-kind", "logits");
    }

    @Test
    void outputThatIsNotThereOrNotClear() throws IOException {
        refused(2, "--output: found classes, expected one of gemm_4", file, "--output", "classes");
        Dimension batch = new Dimension.Free("N");
        file = ForeignNetwork.planes(4)
                .output(batch, ForeignNetwork.fixed(4))
                .then("Softmax", Map.of())
                .output(batch, ForeignNetwork.fixed(4))
                .write(file);
        refused(2, "no --output, and the outputs gemm_4, softmax_5, of which 2 have", file);
    }

    @Test
    void wordsThatAreNone() throws IOException {
        refused(2, "--scale: found 1/0x, expected a number", file, "--scale", "1/0x");
        refused(2, "--mean: found 2 values", file, "--mean", "1,2");
        refused(2, "found std must be positive", file, "--std", "0");
        refused(2, "--resize: found letterbox without --fill", file, "--resize", "letterbox");
        refused(2, "--fill: found a colour without", file, "--fill", "0,0,0");
        refused(2, "--fill", file, "--fill", "0,0,256", "--resize", "letterbox");
        refused(2, "--resize: found big, expected exact, letterbox, or", file, "--resize", "big");
        refused(2, "--preset", file, "--preset", "bold");
        refused(2, "--contract: found --labels, --color, --resize,", file, "--contract", labels);
    }

    @Test
    void labelsThatNobodyNamed() throws IOException {
        Map<String, Integer> before = Folders.content(temporary);
        List<Object> arguments = new ArrayList<>(List.of("import", file, "--out", temporary.resolve("model")));
        arguments.addAll(PICTURES);
        CommandRun run = CommandRun.of(arguments.toArray());
        assertEquals(2, run.exitCode(), run.err());
        assertEquals(
                "error: " + file
                        + ": found no --labels, expected what the file does not say of its classes and pictures;"
                        + " add it: a file with a label a line\n",
                run.err());
        assertEquals(before, Folders.content(temporary));
    }

    @Test
    void placeThatIsTaken() throws IOException {
        Path other = Files.createDirectory(temporary.resolve("model"));
        Files.writeString(other.resolve("thesis.txt"), "text");
        refused(3, "other things", file, "--force");
    }

    @Test
    void weightsThatDiverged() throws IOException {
        float[] broken = new float[6 * 4];
        Arrays.fill(broken, Float.NaN);
        ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
        for (TensorProto.Builder tensor : model.getGraphBuilder().getInitializerBuilderList()) {
            if (tensor.getName().equals("weights")) {
                tensor.setRawData(ByteString.copyFrom(
                        Tensor.floats(List.of(6L, 4L), broken).data()));
            }
        }
        Files.write(file, model.build().toByteArray());
        refused(4, "net.onnx: found a file that answers NaN itself", file);
    }

    private void refused(int exitCode, String said, Path foreign, Object... more) throws IOException {
        refused(exitCode, said, PICTURES, foreign, more);
    }

    private void refused(int exitCode, String said, List<String> pictures, Path foreign, Object... more)
            throws IOException {
        Map<String, Integer> before = Folders.content(temporary);
        List<Object> arguments =
                new ArrayList<>(List.of("import", foreign, "--out", temporary.resolve("model"), "--labels", labels));
        List<Object> own = Arrays.asList(more);
        for (int i = 0; i < pictures.size(); i += 2) {
            if (!own.contains(pictures.get(i))) {
                arguments.addAll(pictures.subList(i, i + 2));
            }
        }
        arguments.addAll(own);
        CommandRun run = CommandRun.of(arguments.toArray());
        assertEquals(exitCode, run.exitCode(), run.err());
        List<String> errors =
                run.err().lines().filter(line -> line.startsWith("error: ")).toList();
        assertTrue(errors.size() == 1 && errors.get(0).contains(said), run.err());
        assertEquals("", run.out());
        assertEquals(before, Folders.content(temporary));
    }
}
