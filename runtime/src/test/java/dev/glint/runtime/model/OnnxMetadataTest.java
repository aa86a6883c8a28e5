package dev.glint.runtime.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxMetadataTest {
    @TempDir
    private Path folder;

    @Test
    void findsAKeyAmongOthers() throws IOException {
        String chinese = "\u7ea2 \ud83d\udc15 ".repeat(5_000);
        ModelProto.Builder model = ModelProto.newBuilder()
                .addMetadataProps(TinyModel.entry("before", "x".repeat(20_000)))
                .addMetadataProps(TinyModel.entry("wanted", "the first of two"))
                .addMetadataProps(TinyModel.entry("wanted", chinese))
                .addMetadataProps(TinyModel.entry("wanted2", "longer key"))
                .addMetadataProps(TinyModel.entry("empty", ""));
        Path file = write(model.build().toByteArray());

        assertEquals(chinese, OnnxMetadata.value(file, "wanted"));
        assertEquals("", OnnxMetadata.value(file, "empty"));
        assertNull(OnnxMetadata.value(file, "absent"));
    }

    @Test
    void stepsOverFieldsOfEveryKind() throws IOException {
        ModelProto model = TinyModel.model()
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
                .build();
        // Another message behind the first is what protobuf calls a merge; a writer may put the metadata first.
        byte[] twice = Arrays.copyOf(model.toByteArray(), 2 * model.getSerializedSize());
        System.arraycopy(twice, 0, twice, twice.length / 2, twice.length / 2);

        assertEquals(TinyModel.contract().toJson(), OnnxMetadata.value(write(twice), "glint.contract"));
    }

    @Test
    void refusesEveryFileThatEndsTooEarlyWithinAField() throws IOException {
        byte[] whole = TinyModel.model().build().toByteArray();
        String contract = TinyModel.contract().toJson();
        int metadata = whole.length - contract.length();
        for (int length : new int[] {0, 1, 3, whole.length / 2, metadata - 1, metadata, whole.length - 1}) {
            Path file = write(Arrays.copyOf(whole, length));
            refused(file, Reason.MODEL, "a file that is no ONNX model (it ");
        }
    }

    @Test
    void refusesWhatIsNoMessage() throws IOException {
        refused(write("#!/bin/sh".getBytes(StandardCharsets.US_ASCII)), Reason.MODEL, "(wire type 3 at byte 0)");
        refused(write(new byte[20_000]), Reason.MODEL, "(field number 0 at byte 0)");
        byte[] endless = new byte[64];
        Arrays.fill(endless, (byte) 0x88);
        refused(write(endless), Reason.MODEL, "(a number of more than 64 bits at byte 10)");
        // An entry of two bytes, whose key says that it has five.
        refused(
                write(new byte[] {14 << 3 | 2, 2, 1 << 3 | 2, 5, 'a', 'b', 'c', 'd', 'e'}),
                Reason.MODEL,
                "(a field across the end of its message at byte 4)");
    }

    @Test
    void refusesAnAbsurdAmountOfMetadata() throws IOException {
        // Sparse: one entry of one byte more than is allowed.
        Path file = folder.resolve("large.onnx");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.write(new byte[] {14 << 3 | 2, (byte) 0x81, (byte) 0x80, (byte) 0x80, 0x20});
            sparse.setLength(5 + OnnxMetadata.MAX_METADATA_BYTES + 1);
        }
        refused(file, Reason.LIMIT, "more than 64 MiB of metadata");
    }

    @Test
    void refusesAFileThatIsTooLargeForAModel() throws IOException {
        Path file = folder.resolve("vast.onnx");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(OnnxMetadata.MAX_FILE_BYTES + 1);
        }
        refused(file, Reason.LIMIT, "a file of 2147483648 bytes");
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("model.onnx"), bytes);
    }

    private static void refused(Path file, Reason reason, String found) {
        GlintException e = assertThrows(GlintException.class, () -> OnnxMetadata.value(file, "glint.contract"));
        assertEquals(reason, e.reason());
        assertTrue(String.valueOf(e.getMessage()).contains(found), e.getMessage());
    }
}
