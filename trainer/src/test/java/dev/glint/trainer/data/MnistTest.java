package dev.glint.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.testing.SharedData;
import dev.glint.trainer.model.NaturalInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MnistTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsBothParts(boolean gzip) throws IOException {
        MnistFiles.write(folder, 25, 12, 3, 2, gzip);
        DataSplit split = DataSpec.parse("mnist:" + folder).open(1);
        assertEquals(25, split.train().size());
        assertEquals(12, split.heldOut().size());
        assertEquals("7", split.labels().get(split.train().label(17)));
        Image image = split.train().picture(17);
        assertEquals(3, image.width());
        assertEquals(2, image.height());
        assertEquals(Image.Mode.GRAY, image.mode());
        assertArrayEquals(new byte[] {17, 18, 19, 20, 21, 22}, image.samples());
    }

    @Test
    void contentTellsGzipNotTheName() throws IOException {
        MnistFiles.write(folder, 3, 3, 2, 2, false);
        Path labels = folder.resolve("train-labels-idx1-ubyte");
        Files.write(labels, MnistFiles.gzip(Files.readAllBytes(labels)));
        assertEquals(2, Mnist.read(folder).train().label(2));
    }

    @Test
    void namesWithADotAreFoundToo() throws IOException {
        MnistFiles.write(folder, 3, 3, 2, 2, false);
        Files.move(folder.resolve("t10k-images-idx3-ubyte"), folder.resolve("t10k-images.idx3-ubyte"));
        assertEquals(3, Mnist.read(folder).heldOut().size());
    }

    @Test
    void damageIsNamedWithItsFile() throws IOException {
        assertFailure("none: found no such folder", folder.resolve("none"));
        assertFailure("train-images-idx3-ubyte: found no such file", folder);
        byte[] pictures = MnistFiles.pictures(20, 4, 4);
        refused("found a file that begins with 2049, expected 2051", MnistFiles.labels(20));
        refused("found a file that ends early", new byte[3]);
        refused("found 319 bytes of content, expected 320", Arrays.copyOf(pictures, pictures.length - 1));
        refused("found more than 320 bytes of content", Arrays.copyOf(pictures, pictures.length + 1));
        refused("found 19 pictures, expected 20, as many as train-labels-idx1-ubyte", MnistFiles.pictures(19, 4, 4));
        refused("found -1 entries", edited(pictures, 4, 0xff, 0xff, 0xff, 0xff));
        refused("found 2147483647 entries, expected 1 to 10,000,000", edited(pictures, 4, 0x7f, 0xff, 0xff, 0xff));
        refused("found 20 pictures of 4x16777220", edited(pictures, 8, 1, 0, 0, 4));
        byte[] packed = MnistFiles.gzip(pictures);
        refused("found a file that ends early", Arrays.copyOf(packed, packed.length / 2));
        refused("found a damaged file", edited(packed, packed.length - 8, 0, 0, 0, 0));
        MnistFiles.write(folder, 20, 20, 4, 4, false);
        Files.write(folder.resolve("t10k-labels-idx1-ubyte"), edited(MnistFiles.labels(20), 13, 10));
        assertFailure("t10k-labels-idx1-ubyte: found label 10 of picture 5", folder);
    }

    private void refused(String expected, byte[] pictures) throws IOException {
        MnistFiles.write(folder, 20, 20, 4, 4, false);
        Files.write(folder.resolve("train-images-idx3-ubyte"), pictures);
        assertFailure("train-images-idx3-ubyte: " + expected, folder);
    }

    private static byte[] edited(byte[] content, int at, int... values) {
        byte[] edited = content.clone();
        for (int i = 0; i < values.length; i++) {
            edited[at + i] = (byte) values[i];
        }
        return edited;
    }

    private static void assertFailure(String expected, Path folder) {
        GlintException failure = assertThrows(GlintException.class, () -> Mnist.read(folder));
        assertTrue(failure.getMessage().contains(expected), failure.getMessage());
    }

    @Test
    void theRealOne() {
        DataSplit split = Mnist.read(SharedData.require("mnist"));
        assertEquals(60_000, split.train().size());
        assertEquals(10_000, split.heldOut().size());
        assertEquals(5, split.train().label(0));
        assertEquals(7, split.heldOut().label(0));
        int[] counts = new int[10];
        for (int i = 0; i < 60_000; i++) {
            counts[split.train().label(i)]++;
        }
        assertArrayEquals(new int[] {5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949}, counts);
        DataOptions measured = new DataOptions(0, false, false, 28, new Normalization.Measured());
        PreprocessContract contract =
                DataSpec.parse("mnist:" + SharedData.require("mnist")).contract(NaturalInput.BARS, measured, split);
        assertEquals(28, contract.width());
        // The mean and the standard deviation that everybody uses.
        assertEquals(0.1307, contract.mean().get(0), 5e-5);
        assertEquals(0.3081, contract.std().get(0), 5e-5);
    }
}
