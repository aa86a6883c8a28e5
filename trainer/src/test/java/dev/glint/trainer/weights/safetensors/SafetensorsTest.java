package dev.glint.trainer.weights.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
    @TempDir
    Path folder;

    private Path write(String header, int dataBytes) throws IOException {
        return write(header, header.getBytes(StandardCharsets.UTF_8).length, dataBytes);
    }

    private Path write(String header, long length, int dataBytes) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(length).put(json);
        Path file = folder.resolve("weights.safetensors");
        Files.write(file, bytes.array());
        return file;
    }

    @Test
    void readsWhatItWrites() throws IOException {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        tensors.put("z.weight", StoredTensor.floats(new float[] {1, -2.5f, Float.MIN_VALUE, 4, 5, 6}, List.of(2L, 3L)));
        tensors.put("a.bias", StoredTensor.floats(new float[0], List.of(0L)));
        tensors.put("scalar", StoredTensor.floats(new float[] {7}, List.of()));
        tensors.put("bytes", new StoredTensor(DType.U8, List.of(3L), ByteBuffer.wrap(new byte[] {1, 2, 3})));
        Path file = folder.resolve("new/weights.safetensors");
        new Safetensors(tensors, Map.of("format", "pt")).write(file);
        Safetensors read = Safetensors.read(file);
        assertEquals(
                List.of("z.weight", "a.bias", "scalar", "bytes"),
                new ArrayList<>(read.tensors().keySet()));
        assertEquals(Map.of("format", "pt"), read.metadata());
        assertEquals(List.of(2L, 3L), read.tensors().get("z.weight").shape());
        assertArrayEquals(
                new float[] {1, -2.5f, Float.MIN_VALUE, 4, 5, 6},
                read.tensors().get("z.weight").floats());
        assertEquals(0, read.tensors().get("a.bias").floats().length);
        assertArrayEquals(new float[] {7}, read.tensors().get("scalar").floats());
        assertEquals(3, read.tensors().get("bytes").data().get(2));
    }

    @Test
    void writesTheBytesOfTheFormat() throws IOException {
        Path file = folder.resolve("w.safetensors");
        new Safetensors(Map.of("w", StoredTensor.floats(new float[] {1}, List.of(1L))), Map.of()).write(file);
        String header = "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
        int padded = (header.length() + 7) / 8 * 8;
        ByteBuffer expected = ByteBuffer.allocate(8 + padded + 4).order(ByteOrder.LITTLE_ENDIAN);
        expected.putLong(padded).put(header.getBytes(StandardCharsets.UTF_8));
        while (expected.position() < 8 + padded) {
            expected.put((byte) ' ');
        }
        expected.putFloat(1);
        assertArrayEquals(expected.array(), Files.readAllBytes(file));
    }

    @Test
    void readsTensorsInAnyOrderOfTheirPlaces() throws IOException {
        Path file = write(
                "{\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]},"
                        + "\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}",
                3);
        assertEquals(2, Safetensors.read(file).tensors().get("b").data().remaining());
    }

    /** Linux gives a process 65,530 mappings. */
    @Test
    void thereMayBeMoreTensorsThanMappings() throws IOException {
        int count = 70_000;
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i < count; i++) {
            header.append(i == 0 ? "" : ",")
                    .append("\"%d\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[%d,%d]}".formatted(i, i, i + 1));
        }
        Path file = write(header.append('}').toString(), count);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {42}), channel.size() - 1);
        }
        Map<String, StoredTensor> tensors = Safetensors.read(file).tensors();
        assertEquals(0, tensors.get("0").data().get());
        assertEquals(42, tensors.get("69999").data().get());
    }

    @Test
    void aMissingFileIsNamed() {
        assertThrows(NoSuchFileException.class, () -> Safetensors.read(folder.resolve("none")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "no object | [1,2] | 0",
                "no JSON | {\"a\":  | 0",
                "words behind | {} x | 0",
                "a value that is none | {\"a\":1} | 0",
                "no dtype | {\"a\":{\"shape\":[1],\"data_offsets\":[0,1]}} | 1",
                "an unknown dtype | {\"a\":{\"dtype\":\"F31\",\"shape\":[1],\"data_offsets\":[0,4]}} | 4",
                "a shape that does not fit | {\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}} | 4",
                "a negative size | {\"a\":{\"dtype\":\"U8\",\"shape\":[-1,-1],\"data_offsets\":[0,1]}} | 1",
                "a fraction | {\"a\":{\"dtype\":\"U8\",\"shape\":[1.5],\"data_offsets\":[0,1]}} | 1",
                "a huge size | {\"a\":{\"dtype\":\"U8\",\"shape\":[99999999999999999999],\"data_offsets\":[0,1]}} | 1",
                "sizes that overflow | {\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,0]}} | 0",
                "one offset | {\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0]}} | 1",
                "offsets in the wrong order | {\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[1,0]}} | 1",
                "a negative offset | {\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[-1,1]}} | 1",
                "data beyond the end | {\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}} | 3",
                "data before the end | {\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}} | 5",
                "a hole | {\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}} | 2",
                "an overlap | {\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}} | 3",
                "the same place twice | {\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}} | 2",
                "a name twice | {\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}} | 2",
                "metadata that is none | {\"__metadata__\":[]} | 0",
                "metadata twice | {\"__metadata__\":{},\"__metadata__\":{}} | 0",
                "metadata with a list | {\"__metadata__\":{\"a\":[1,2]}} | 0"
            })
    void refuses(String what, String header, int dataBytes) throws IOException {
        assertRefused(write(header, dataBytes), what);
    }

    @ParameterizedTest
    @CsvSource({"-1", "0", "1", "3", "100000001", "9223372036854775807", "-9223372036854775808"})
    void refusesHeaderLengths(long length) throws IOException {
        assertRefused(write("{}", length, 0), "length " + length);
    }

    @Test
    void refusesFilesWithoutAWholeHeader() throws IOException {
        for (int size = 0; size < 10; size++) {
            Path file = folder.resolve("short.safetensors");
            Files.write(file, java.util.Arrays.copyOf(new byte[] {2, 0, 0, 0, 0, 0, 0, 0, '{'}, size));
            assertRefused(file, size + " bytes");
        }
    }

    @Test
    void deepNestingIsRefusedToo() throws IOException {
        assertRefused(write("{\"a\":" + "[".repeat(200_000) + "]".repeat(200_000) + "}", 0), "200,000 brackets");
    }

    @Test
    void changedBytesAreReadOrRefusedButNothingElse() throws IOException {
        Path file = folder.resolve("w.safetensors");
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        tensors.put("conv1.weight", StoredTensor.floats(new float[36], List.of(4L, 1L, 3L, 3L)));
        tensors.put("conv1.bias", StoredTensor.floats(new float[4], List.of(4L)));
        new Safetensors(tensors, Map.of("format", "pt")).write(file);
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(11);
        int refused = 0;
        for (int i = 0; i < 3_000; i++) {
            byte[] changed = whole.clone();
            for (int j = 0; j <= random.nextInt(3); j++) {
                changed[random.nextInt(changed.length - 160)] = (byte) random.nextInt(256);
            }
            Files.write(file, changed);
            try {
                Safetensors.read(file);
            } catch (GlintException e) {
                refused++;
            }
        }
        assertTrue(refused > 1_000, refused + " of 3,000 refused");
    }

    private static void assertRefused(Path file, String what) {
        GlintException failure = assertThrows(GlintException.class, () -> Safetensors.read(file), what);
        assertEquals(GlintException.Reason.MODEL, failure.reason());
        assertTrue(failure.getMessage().startsWith(file.toString()), failure.getMessage());
        assertTrue(!failure.getMessage().contains("\n"), failure.getMessage());
    }
}
