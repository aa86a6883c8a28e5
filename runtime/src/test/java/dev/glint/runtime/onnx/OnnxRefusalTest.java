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
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that nobody should open. */
class OnnxRefusalTest {
    @TempDir
    private Path folder;

    @Test
    void refusesWhatIsNoModel() throws IOException {
        assertRefused("two", "no ONNX model", new byte[] {0x3a, 0, 0x3a, 0});
        assertRefused("empty", "no graph in it", new byte[0]);
        assertRefused("text", "no ONNX model", "hello, world".getBytes(StandardCharsets.UTF_8));
        byte[] whole = Files.readAllBytes(TinyModel.write(folder.resolve("tiny.onnx")));
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            try {
                OnnxFile.parse(ByteBuffer.wrap(cut), OnnxLimits.defaults());
            } catch (GlintException e) {
                assertEquals(Reason.MODEL, e.reason());
            }
        }
    }

    @Test
    void namesTheFile() {
        GlintException missing = assertThrows(
                GlintException.class, () -> OnnxFile.read(folder.resolve("none.onnx"), OnnxLimits.defaults()));
        assertTrue(missing.getMessage().contains("none.onnx: found no such file"), missing::getMessage);
        GlintException directory =
                assertThrows(GlintException.class, () -> OnnxFile.read(folder, OnnxLimits.defaults()));
        assertEquals(Reason.MODEL, directory.reason());
    }

    @Test
    void refusesDataInAnotherFile() {
        assertRefused(
                "external",
                "with its data in another file",
                model(GraphProto.newBuilder()
                        .addInitializer(TensorProto.newBuilder()
                                .setName("w")
                                .setDataType(1)
                                .addDims(1)
                                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                                .addExternalData(StringStringEntryProto.newBuilder()
                                        .setKey("location")
                                        .setValue("/etc/passwd")))));
    }

    @Test
    void refusesSizesThatNobodyHas() {
        assertRefused("huge", "at most", model(tensor(1L << 40, 1L << 40)));
        assertRefused("negative", "at most", model(tensor(-1)));
        assertRefused("short", "with 4 bytes", model(tensor(2)));
        GraphProto.Builder deep = GraphProto.newBuilder();
        for (int i = 0; i < 50; i++) {
            deep = GraphProto.newBuilder()
                    .addNode(NodeProto.newBuilder()
                            .setOpType("If")
                            .addAttribute(
                                    AttributeProto.newBuilder().setName("then").setG(deep)));
        }
        assertRefused("deep", "deep", model(deep));
    }

    @Test
    void refusesCyclesAndStrangers() {
        assertRefused(
                "cycle",
                "wait for each other",
                model(GraphProto.newBuilder().addNode(relu("a", "b")).addNode(relu("b", "a"))));
        assertRefused(
                "twice",
                "two nodes that give b",
                model(GraphProto.newBuilder().addNode(relu("a", "b")).addNode(relu("a", "b"))));
        assertRefused(
                "stranger",
                "of the domain example.org",
                model(GraphProto.newBuilder()
                        .addNode(NodeProto.newBuilder().setOpType("Run").setDomain("example.org"))));
    }

    /** Whole, the metadata would be a string of 300 MB. */
    @Test
    void refusesMetadataBeyondItsLimit() {
        ModelProto.Builder model = ModelProto.newBuilder().setGraph(GraphProto.newBuilder());
        for (int i = 0; i < 40; i++) {
            model.addMetadataProps(
                    StringStringEntryProto.newBuilder().setKey("k" + i).setValue("x".repeat(1 << 19)));
        }
        assertRefused("metadata", "bytes of metadata", model.build().toByteArray());
        assertRefused(
                "double",
                "twice",
                ModelProto.newBuilder()
                        .addMetadataProps(StringStringEntryProto.newBuilder().setKey("k"))
                        .addMetadataProps(StringStringEntryProto.newBuilder().setKey("k"))
                        .build()
                        .toByteArray());
    }

    /** Sparse: what the file says it holds need not be read to be refused. */
    @Test
    void refusesFilesThatAreTooLargeBeforeReadingThem() throws IOException {
        Path large = folder.resolve("large.onnx");
        try (RandomAccessFile sparse = new RandomAccessFile(large.toFile(), "rw")) {
            sparse.write(new byte[] {14 << 3 | 2, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x90, 1});
            sparse.setLength(6 + (300L << 20));
        }
        GlintException refusal = assertThrows(GlintException.class, () -> OnnxFile.read(large, OnnxLimits.defaults()));
        assertEquals(Reason.MODEL, refusal.reason());
        assertTrue(refusal.getMessage().contains("more than 16777216 bytes of metadata"), refusal::getMessage);

        Path vast = folder.resolve("vast.onnx");
        try (RandomAccessFile sparse = new RandomAccessFile(vast.toFile(), "rw")) {
            sparse.setLength(1L << 31);
        }
        refusal = assertThrows(GlintException.class, () -> OnnxFile.read(vast, OnnxLimits.defaults()));
        assertTrue(refusal.getMessage().contains("a file of 2147483648 bytes"), refusal::getMessage);
    }
}
