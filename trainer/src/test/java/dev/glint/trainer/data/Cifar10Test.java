package dev.glint.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar10Test {
    @TempDir
    Path folder;

    @BeforeEach
    void writeFiles() throws IOException {
        Cifar10Files.write(folder, 12);
    }

    @Test
    void readsAllPicturesInTheOrderOfTheFiles() throws IOException {
        DataSplit split = Cifar10.read(folder);
        assertEquals(60, split.train().size());
        assertEquals(12, split.heldOut().size());
        assertEquals("airplane", split.labels().get(0));
        assertEquals(10, split.labels().size());
        assertPicture(split.train(), 0, "data_batch_1.bin", 0);
        assertPicture(split.train(), 12, "data_batch_2.bin", 0);
        assertPicture(split.train(), 59, "data_batch_5.bin", 11);
        assertPicture(split.heldOut(), 11, "test_batch.bin", 11);
    }

    private void assertPicture(PictureSet set, int index, String file, int record) throws IOException {
        byte[] bytes = Files.readAllBytes(folder.resolve(file));
        Image image = set.picture(index);
        assertEquals(record % 10, set.label(index));
        assertEquals(Image.Mode.RGB, image.mode());
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < 32; y++) {
                for (int x = 0; x < 32; x++) {
                    int at = record * 3073 + 1 + c * 1024 + y * 32 + x;
                    assertEquals(bytes[at] & 0xff, image.sample(x, y, c), "channel " + c + " at " + x + ", " + y);
                }
            }
        }
    }

    @Test
    void findsTheFolderOfTheArchive() throws IOException {
        Path outer = folder.resolve("outer");
        Cifar10Files.write(outer.resolve("cifar-10-batches-bin"), 1);
        assertEquals(5, Cifar10.read(outer).train().size());
    }

    @Test
    void namesTheFolderThatIsMissing() {
        assertFailure(folder.resolve("none"), "none: found no such folder, expected the binary version of CIFAR-10");
    }

    @Test
    void namesTheFileThatIsMissing() throws IOException {
        Files.delete(folder.resolve("data_batch_4.bin"));
        assertFailure(folder, "data_batch_4.bin: found no such file");
    }

    @Test
    void refusesAFolderOfSomethingElse() throws IOException {
        Files.delete(folder.resolve("batches.meta.txt"));
        assertFailure(folder, "found a folder without batches.meta.txt");
    }

    @Test
    void refusesATruncatedFile() throws IOException {
        Path file = folder.resolve("test_batch.bin");
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 3073 * 12 - 1));
        assertFailure(folder, "test_batch.bin: found 36875 bytes");
    }

    @Test
    void refusesAnEmptyFile() throws IOException {
        Files.write(folder.resolve("data_batch_2.bin"), new byte[0]);
        assertFailure(folder, "data_batch_2.bin: found 0 bytes");
    }

    @Test
    void refusesAnUnknownLabel() throws IOException {
        Path file = folder.resolve("data_batch_3.bin");
        byte[] content = Files.readAllBytes(file);
        content[3073 * 5] = 10;
        Files.write(file, content);
        assertFailure(folder, "data_batch_3.bin: found label 10 of picture 5, expected 0 to 9");
    }

    @Test
    void refusesFewerClassNames() throws IOException {
        Files.writeString(folder.resolve("batches.meta.txt"), "cat\ndog\n");
        assertFailure(folder, "batches.meta.txt: found 2 class names");
    }

    private static void assertFailure(Path folder, String expected) {
        GlintException failure = assertThrows(GlintException.class, () -> Cifar10.read(folder));
        assertEquals(GlintException.Reason.INPUT, failure.reason());
        assertTrue(failure.getMessage().contains(expected), failure.getMessage());
    }
}
