package dev.glint.trainer.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.weights.safetensors.DType;
import dev.glint.trainer.weights.safetensors.Safetensors;
import dev.glint.trainer.weights.safetensors.StoredTensor;
import dev.glint.trainer.weights.torch.PthWriter;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The resources are files of torch.save; {@code record_pth.py} makes them. */
class WeightFileTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"state-dict.pth", "protocol-4.pth", "checkpoint.pth"})
    void readsWhatTorchHasSaved(String name) throws IOException {
        Map<String, StoredTensor> tensors = WeightFile.read(resource(name));
        assertEquals(
                List.of(
                        "conv.weight",
                        "conv.bias",
                        "bn.weight",
                        "bn.bias",
                        "bn.running_mean",
                        "bn.running_var",
                        "bn.num_batches_tracked",
                        "fc.weight",
                        "fc.bias"),
                List.copyOf(tensors.keySet()));
        assertEquals(List.of(2L, 1L, 3L, 3L), tensors.get("conv.weight").shape());
        float[] weight = tensors.get("fc.weight").floats();
        for (int i = 0; i < 24; i++) {
            assertEquals(0.5f * i + 7, weight[i]);
        }
        assertEquals(DType.I64, tensors.get("bn.num_batches_tracked").type());
    }

    @Test
    void viewsAreLaidOutRowByRow() throws IOException {
        Map<String, StoredTensor> tensors = WeightFile.read(resource("views.pth"));
        assertEquals(List.of(4L, 3L), tensors.get("transposed").shape());
        assertFloats(tensors, "transposed", 0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11);
        assertFloats(tensors, "column", 1, 5, 9);
        assertFloats(tensors, "rest", 4, 5, 6, 7, 8, 9, 10, 11);
        assertFloats(tensors, "every-other", 0, 2, 4, 6, 8, 10);
        assertFloats(tensors, "scalar", 1.5f);
        assertFloats(tensors, "empty");
        assertFloats(tensors, "parameter", 1, -2);
    }

    @Test
    void numbersOfOtherWidthsBecomeFloats() throws IOException {
        Map<String, StoredTensor> tensors = WeightFile.read(resource("views.pth"));
        assertFloats(tensors, "half", 1, -0.5f, 65504, 0x1p-24f, Float.POSITIVE_INFINITY);
        assertFloats(tensors, "bfloat16", 1, -2.5f);
        assertFloats(tensors, "double", 0.1f, Float.NEGATIVE_INFINITY);
    }

    @Test
    void everyHalfIsExact() {
        for (int bits = 0; bits < 1 << 15; bits++) {
            float half = Floats.half((short) bits);
            int exponent = bits >> 10;
            double expected = exponent == 0
                    ? bits * 0x1p-24
                    : exponent == 31 ? Double.POSITIVE_INFINITY : ((bits & 1023) + 1024) * Math.pow(2, exponent - 25);
            if (exponent == 31 && (bits & 1023) != 0) {
                assertTrue(Float.isNaN(half));
            } else {
                assertEquals(expected, half);
                assertEquals(-half, Floats.half((short) (bits | 0x8000)));
            }
        }
    }

    @Test
    void readsSafetensorsWithThePrefixOfAWrapper() throws IOException {
        Path file = folder.resolve("any.name");
        new Safetensors(
                        Map.of("_orig_mod.module.a.weight", StoredTensor.floats(new float[] {1, 2}, List.of(2L))),
                        Map.of())
                .write(file);
        assertArrayEquals(
                new float[] {1, 2}, WeightFile.read(file).get("a.weight").floats());
    }

    @Test
    void aNameOfManyPrefixesLosesAFew() throws IOException {
        Path file = folder.resolve("w.safetensors");
        String name = "module.".repeat(20_000);
        new Safetensors(Map.of(name, StoredTensor.floats(new float[] {1}, List.of(1L))), Map.of()).write(file);
        assertEquals(
                List.of("module.".repeat(20_000 - 8)),
                List.copyOf(WeightFile.read(file).keySet()));
    }

    @ParameterizedTest
    @CsvSource({
        "before-1.6.pth, the format of PyTorch before 1.6",
        "module.pth, the Python global torch.nn.modules.container.Sequential",
    })
    void otherFilesOfTorchAreRefusedByName(String name, String found) {
        assertRefused(resource(name), Reason.INPUT, found);
    }

    @Test
    void aGlobalIsRefusedByNameAndNotRun() throws IOException {
        Path trace = folder.resolve("trace");
        PthWriter writer =
                new PthWriter().global("os", "system").text("touch " + trace).code(0x85, 'R', '.');
        assertRefused(writer.write(folder.resolve("w.pth")), Reason.INPUT, "the Python global os.system");
        assertTrue(Files.notExists(trace));
    }

    @Test
    void aGlobalByStackIsRefusedToo() throws IOException {
        PthWriter writer = new PthWriter().text("builtins").text("eval").code(0x93, '.');
        assertRefused(writer.write(folder.resolve("w.pth")), Reason.INPUT, "the Python global builtins.eval");
    }

    @Test
    void whatATerminalObeysIsNotShown() throws IOException {
        PthWriter writer = new PthWriter().global("a\u001b[2J", "b").code('.');
        assertRefused(writer.write(folder.resolve("w.pth")), Reason.INPUT, "a?[2J.b");
    }

    @ParameterizedTest
    @CsvSource({"129, NEWOBJ", "98, BUILD", "105, INST", "143, EMPTY_SET", "66, BINBYTES", "255, unknown"})
    void instructionsThatAreNotNeededAreRefusedByName(int code, String name) throws IOException {
        PthWriter writer = new PthWriter().numbers(1).numbers(2).code(code, '.');
        assertRefused(writer.write(folder.resolve("w.pth")), Reason.INPUT, "the pickle instruction " + name);
    }

    @Test
    void aDictThatHoldsItselfIsNoStateDict() throws IOException {
        PthWriter writer = new PthWriter().code('}', 'q', 0).text("state_dict").code('h', 0, 's', '.');
        assertRefused(writer.write(folder.resolve("w.pth")), Reason.INPUT, "no dict of tensors");
    }

    @Test
    void aMillionValuesAreTooMany() throws IOException {
        PthWriter writer = new PthWriter();
        for (int i = 0; i < 1_000_001; i++) {
            writer.code('(');
        }
        assertRefused(noise(writer).write(folder.resolve("w.pth")), Reason.LIMIT, "a pickle of more values");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x94, 'r'})
    void aMillionNamesForAValueAreTooMany(int code) throws IOException {
        PthWriter writer = new PthWriter().code('}');
        for (int i = 0; i < 1_000_000; i++) {
            writer.code(code);
            if (code == 'r') {
                writer.int32(i);
            }
        }
        assertRefused(noise(writer.code('.')).write(folder.resolve("w.pth")), Reason.LIMIT, "a pickle of more values");
    }

    @Test
    void whatGrowsOutOfProportionIsNotUnpacked() throws IOException {
        PthWriter writer = tensors(1 << 22).file("archive/data/0", new byte[1 << 24]);
        assertRefused(writer.write(folder.resolve("w.pth")), Reason.LIMIT, "archive/data/0 of 16777216 bytes");
    }

    @Test
    void manyViewsOfAStorageAreNotCopiedOutOfProportion() throws IOException {
        PthWriter writer = new PthWriter().code('}', '(');
        for (int i = 0; i < 400; i++) {
            writer.text("w" + i).tensor("0", 16_384, 0, new int[] {128, 128}, new int[] {1, 128});
        }
        Path file = noise(writer.code('u', '.').floats("0", new float[16_384])).write(folder.resolve("w.pth"));
        assertRefused(file, Reason.LIMIT, "tensors over storage 0 of 65536 bytes");
    }

    @Test
    void moreDimensionsThanPyTorchHasAreTooMany() throws IOException {
        int[] shape = new int[10_000];
        Arrays.fill(shape, 1);
        int[] strides = shape.clone();
        shape[0] = 2;
        strides[0] = 2;
        PthWriter writer = new PthWriter()
                .code('}')
                .text("w")
                .tensor("0", 3, 0, shape, strides)
                .code('s', '.')
                .floats("0", 1, 2, 3);
        Path file = noise(writer).write(folder.resolve("w.pth"));
        assertRefused(file, Reason.LIMIT, "a tensor of 10000 dimensions");
    }

    @Test
    void aSizeOfMoreDimensionsIsTooLargeToo() throws IOException {
        PthWriter tuple = new PthWriter().global("torch", "Size").numbers(new int[65]);
        PthWriter list = new PthWriter().global("torch", "Size").code(']', '(');
        for (int i = 0; i < 65; i++) {
            list.number(i);
        }
        for (PthWriter writer : List.of(tuple, list.code('e'))) {
            Path file = writer.code(0x85, 'R', '.').write(folder.resolve("w.pth"));
            assertRefused(file, Reason.LIMIT, "a tensor of 65 dimensions");
        }
    }

    @Test
    void aStorageMustHaveItsValues() throws IOException {
        Path file = tensors(4).floats("0", 1, 2, 3).write(folder.resolve("w.pth"));
        assertRefused(file, Reason.INPUT, "storage 0 of 12 bytes where 4 values of F32 belong");
        assertRefused(tensors(4).write(folder.resolve("v.pth")), Reason.INPUT, "without archive/data/0");
    }

    @ParameterizedTest
    @CsvSource({"0, 5, 1", "1, 4, 1", "0, 2, 4", "-1, 2, 1", "0, -2, 1", "0, 2, -1", "0, 2147483647, 0"})
    void aTensorLiesInsideItsStorage(int offset, int size, int stride) throws IOException {
        Path file = new PthWriter()
                .code('}')
                .text("w")
                .tensor("0", 4, offset, new int[] {size}, new int[] {stride})
                .code('s', '.')
                .floats("0", 1, 2, 3, 4)
                .write(folder.resolve("w.pth"));
        assertRefused(file, Reason.INPUT, "a tensor of shape [" + size + "]");
    }

    /** Whatever is cut off: one declared exception. */
    @Test
    void aCutFileIsReportedAsSuch() throws IOException {
        byte[] whole = Files.readAllBytes(resource("checkpoint.pth"));
        Path file = folder.resolve("w.pth");
        for (int length = 0; length < whole.length; length += 7) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThrows(GlintException.class, () -> WeightFile.read(file));
        }
    }

    @Test
    void anotherFormatIsNamedAsNone() throws IOException {
        Path file = Files.writeString(folder.resolve("w.pth"), "hello");
        assertRefused(file, Reason.INPUT, "neither a safetensors file nor one of PyTorch");
        Path empty = Files.write(folder.resolve("empty"), new byte[0]);
        assertRefused(empty, Reason.INPUT, "neither a safetensors file nor one of PyTorch");
    }

    /** With something that makes the file large, so that much may be in it. */
    private static PthWriter noise(PthWriter writer) {
        byte[] noise = new byte[1 << 17];
        new Random(1).nextBytes(noise);
        return writer.file("archive/noise", noise);
    }

    private static PthWriter tensors(int count) {
        return new PthWriter()
                .code('}')
                .text("w")
                .tensor("0", count, 0, new int[] {count}, new int[] {1})
                .code('s', '.');
    }

    private static void assertFloats(Map<String, StoredTensor> tensors, String name, float... expected) {
        ByteBuffer data = Floats.bytes(tensors.get(name));
        float[] found = new float[data.remaining() / 4];
        data.asFloatBuffer().get(found);
        assertArrayEquals(expected, found, name);
    }

    private static void assertRefused(Path file, Reason reason, String found) {
        GlintException error = assertThrows(GlintException.class, () -> WeightFile.read(file));
        assertEquals(reason, error.reason(), error.getMessage());
        assertTrue(error.getMessage().startsWith(file + ": found "), error.getMessage());
        assertTrue(error.getMessage().contains(found), error.getMessage());
    }

    private static Path resource(String name) {
        try {
            return Path.of(Objects.requireNonNull(WeightFileTest.class.getResource(name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
