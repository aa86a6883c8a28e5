package dev.glint.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.testing.Resources;
import dev.glint.runtime.testing.SyntheticPictures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With files that {@code src/test/scripts/record_cifar_pickles.py} has written. */
class Cifar10PickleTest {
    @TempDir
    Path folder;

    private static byte[] recorded(String name) {
        return Resources.bytes("dev/glint/trainer/data/" + name);
    }

    private static void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve("batches.meta"), recorded("batches.meta"));
        Files.write(folder.resolve("test_batch"), recorded("test_batch"));
        for (int i = 1; i <= 5; i++) {
            Files.write(folder.resolve("data_batch_" + i), recorded("data_batch"));
        }
    }

    @Test
    void readsThePythonVersionInTheFolderOfTheArchive() throws IOException {
        write(folder.resolve("cifar-10-batches-py"));
        DataSplit split = Cifar10.read(folder);
        assertEquals(15, split.train().size());
        assertEquals(3, split.heldOut().size());
        assertEquals("automobile", split.labels().get(1));
        for (int i = 0; i < 3; i++) {
            assertEquals(1 + i, split.heldOut().label(i));
            assertEquals(i, split.train().label(12 + i));
            for (int c = 0; c < 3; c++) {
                int at = (3 + i) * 3072 + c * 1024 + 5 * 32 + 7;
                assertEquals(
                        SyntheticPictures.noise(at), split.heldOut().picture(i).sample(7, 5, c));
            }
        }
    }

    @Test
    void contentTellsTheVersionFileByFile() throws IOException {
        write(folder);
        Cifar10Files.write(folder.resolve("binary"), 4);
        Files.delete(folder.resolve("data_batch_2"));
        Files.copy(folder.resolve("binary/data_batch_2.bin"), folder.resolve("data_batch_2"));
        assertEquals(16, Cifar10.read(folder).train().size());
    }

    @Test
    void refusesByNameWhatNoPictureNeeds() throws IOException {
        refused("cos\nsystem\n(S'id'\ntR.", "the Python global os.system");
        refused("(K\u0001K\u0002t.", "a pickle of something else than a dict");
        refused("}.", "a pickle without the list 'labels'");
        refused("}(U\u0006labels]K\u0001au.", "no array 'data'");
        refused("cnumpy\ndtype\n)R.", "a call that makes no array");
        refused("I1\n.", "the pickle instruction INT (0x49)");
        refused("}(U\u0006labels", "a pickle that ends after");
        refused("T\u00ff\u00ff\u00ff\u00ff.", "a pickle that ends after");
    }

    private void refused(String program, String expected) throws IOException {
        write(folder);
        byte[] pickle = ("\u0080\u0002" + program).getBytes(StandardCharsets.ISO_8859_1);
        Files.write(folder.resolve("test_batch"), pickle);
        GlintException failure = assertThrows(GlintException.class, () -> Cifar10.read(folder));
        assertEquals(GlintException.Reason.INPUT, failure.reason());
        assertTrue(
                failure.getMessage().startsWith(folder.resolve("test_batch") + ": found " + expected),
                failure.getMessage());
    }

    @Test
    void arraysOfAnotherShapeTypeOrOrderAreRefused() throws IOException {
        byte[] batch = recorded("test_batch");
        String text = new String(batch, StandardCharsets.ISO_8859_1);
        edited(text.replace("U\u0002u1", "U\u0002i1"), "an array of something else than unsigned 8-bit numbers");
        edited(text.replace("K\u0003M\u0000\u000c\u0086", "K\u0002M\u0000\u000c\u0086"), "an array of another shape");
        edited(text.replace("\u0089T", "\u0088T"), "an array with its columns first");
    }

    private void edited(String text, String expected) throws IOException {
        byte[] content = text.getBytes(StandardCharsets.ISO_8859_1);
        assertTrue(!Arrays.equals(content, recorded("test_batch")), "edited");
        write(folder);
        Files.write(folder.resolve("test_batch"), content);
        GlintException failure = assertThrows(GlintException.class, () -> Cifar10.read(folder));
        assertTrue(failure.getMessage().contains(expected), failure.getMessage());
    }

    @Test
    void damageAnywhereIsRefusedOrHarmless() throws IOException {
        byte[] batch = recorded("test_batch");
        Random random = new Random(1);
        write(folder);
        for (int i = 0; i < 1500; i++) {
            byte[] damaged = batch.clone();
            // Most bytes are samples: half of the damage goes to the instructions before them.
            int at = random.nextInt(i % 2 == 0 ? 300 : batch.length);
            damaged[at] = (byte) random.nextInt(256);
            Files.write(folder.resolve("test_batch"), damaged);
            try {
                Cifar10.read(folder);
            } catch (GlintException e) {
                assertTrue(e.getMessage().contains("test_batch"), e.getMessage());
            }
        }
    }
}
