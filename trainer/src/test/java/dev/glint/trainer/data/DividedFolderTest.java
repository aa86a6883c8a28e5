package dev.glint.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.evaluate.PictureDigests;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.SharedData;
import dev.glint.trainer.model.NaturalInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DividedFolderTest {
    @TempDir
    Path folder;

    /** Gray pictures of one pixel, whose value is their number. */
    private void write(String of, int from, int count) throws IOException {
        Path target = Files.createDirectories(folder.resolve(of));
        for (int i = from; i < from + count; i++) {
            Image image = new Image(1, 1, Image.Mode.GRAY, new byte[] {(byte) i});
            Files.write(target.resolve("picture" + i + ".png"), PngFile.of(image));
        }
    }

    private static Set<Integer> values(PictureSet set) {
        Set<Integer> values = new TreeSet<>();
        for (int i = 0; i < set.size(); i++) {
            assertTrue(values.add(set.picture(i).sample(0, 0, 0)), "twice");
        }
        return values;
    }

    private DataSplit open(long seed) {
        return DataSpec.parse("folder:" + folder).open(seed);
    }

    @Test
    void aFifthOfEachClassIsHeldOutByTheSeed() throws IOException {
        write("zebra", 0, 50);
        write("ant", 100, 10);
        Files.createDirectories(folder.resolve(".hidden"));
        DataSplit split = open(1);
        assertEquals(List.of("ant", "zebra"), split.labels());
        assertEquals(48, split.train().size());
        assertEquals(12, split.heldOut().size());
        assertSame(split.heldOut(), split.test());
        Set<Integer> all = values(split.train());
        Set<Integer> held = values(split.heldOut());
        assertTrue(Collections.disjoint(all, held));
        assertEquals(2, held.stream().filter(value -> value >= 100).count());
        for (PictureSet set : List.of(split.train(), split.heldOut())) {
            for (int i = 0; i < set.size(); i++) {
                assertEquals(set.picture(i).sample(0, 0, 0) >= 100 ? 0 : 1, set.label(i));
            }
        }
        assertEquals(held, values(open(1).heldOut()));
        assertNotEquals(held, values(open(2).heldOut()));
    }

    @Test
    void theFirstPicturesAreOfAllClasses() throws IOException {
        write("train/a", 0, 40);
        write("train/b", 50, 40);
        write("test/a", 100, 4);
        PictureSet first = open(1).train().first(20);
        Set<Integer> labels = new TreeSet<>();
        for (int i = 0; i < first.size(); i++) {
            labels.add(first.label(i));
        }
        assertEquals(Set.of(0, 1), labels);
    }

    @Test
    void theFolderMaySayWhatIsHeldOut() throws IOException {
        write("train/a", 0, 3);
        write("train/b", 10, 1);
        write("test/b", 20, 2);
        DataSplit two = open(1);
        assertEquals(Set.of(0, 1, 2, 10), values(two.train()));
        assertEquals(Set.of(20, 21), values(two.heldOut()));
        assertEquals(1, two.heldOut().label(0));
        assertSame(two.heldOut(), two.test());
        write("val/a", 30, 2);
        DataSplit three = open(1);
        assertEquals(Set.of(30, 31), values(three.heldOut()));
        assertEquals(Set.of(20, 21), values(three.test()));
    }

    @Test
    void aFolderWithTrainAloneHoldsAPartOfItOut() throws IOException {
        write("train/a", 0, 10);
        write("train/b", 20, 10);
        DataSplit split = open(1);
        assertEquals(List.of("a", "b"), split.labels());
        assertEquals(16, split.train().size());
        assertEquals(4, split.heldOut().size());
    }

    @Test
    void aClassMayBeCalledTrain() throws IOException {
        write("train", 0, 10);
        write("plane", 20, 10);
        assertEquals(List.of("plane", "train"), open(1).labels());
    }

    @Test
    void filesOfOtherNamesAreNoted() throws IOException {
        write("a", 0, 5);
        write("b", 10, 5);
        Files.writeString(folder.resolve("a/x.webp"), "");
        Files.writeString(folder.resolve("b/y.webp"), "");
        Files.writeString(folder.resolve("README"), "");
        List<String> notes = new ArrayList<>();
        DataSpec.parse("folder:" + folder).open(1, DataOptions.DEFAULT, notes::add);
        assertEquals(
                List.of(
                        folder + ": left out 2 pictures in formats that are not read (.webp 2)",
                        folder + ": left out 1 file that are no pictures by their names (no extension 1)"),
                notes);
    }

    @Test
    void validationComesOutOfTheTrainingPictures() throws IOException {
        write("train/a", 0, 20);
        write("train/b", 30, 30);
        write("test/a", 100, 5);
        write("test/b", 110, 5);
        DataOptions tenth = new DataOptions(0.1, false, false, null, new Normalization.Usual());
        DataSplit split = DataSpec.parse("folder:" + folder).open(1, tenth, note -> {});
        assertEquals(45, split.train().size());
        assertEquals(5, split.heldOut().size());
        assertEquals(10, split.test().size());
        assertTrue(Collections.disjoint(values(split.train()), values(split.heldOut())));
        assertTrue(values(split.test()).stream().allMatch(value -> value >= 100));
    }

    @Test
    void rareClassesWeighMoreWhenBalanced() throws IOException {
        write("train/a", 0, 30);
        write("train/b", 30, 10);
        write("test/a", 100, 1);
        DataSplit split = open(1);
        assertEquals(List.of(1.0, 1.0), split.classWeights());
        assertEquals(List.of(40 / 60.0, 2.0), split.balanced().classWeights());
    }

    @Test
    void aBrokenFileIsAnErrorOrSkippedByName() throws IOException {
        write("a", 0, 10);
        write("b", 20, 10);
        Path broken = folder.resolve("a/picture3.png");
        Files.write(broken, java.util.Arrays.copyOf(Files.readAllBytes(broken), 40));
        DataSplit strict = open(1);
        GlintException failure = assertThrows(GlintException.class, () -> {
            values(strict.train());
            values(strict.heldOut());
        });
        assertTrue(failure.getMessage().startsWith(broken + ": found "), failure.getMessage());
        List<String> notes = new ArrayList<>();
        DataOptions skip = new DataOptions(0, true, false, null, new Normalization.Usual());
        DataSplit lenient = DataSpec.parse("folder:" + folder).open(1, skip, notes::add);
        assertEquals(1, notes.size());
        assertTrue(notes.get(0).startsWith("skipped " + broken + ": found "), notes.get(0));
        assertEquals(19, lenient.train().size() + lenient.heldOut().size());
        assertEquals(
                19, values(lenient.train()).size() + values(lenient.heldOut()).size());
        for (int i = 0; i < 10; i++) {
            Files.writeString(folder.resolve("b/picture" + (20 + i) + ".png"), "no picture");
        }
        assertFailure("found no readable picture of the class 'b'", skip);
    }

    @Test
    void otherFoldersAreRefusedInALine() throws IOException {
        assertFailure("found no class folders, expected two or more", DataOptions.DEFAULT);
        write("a", 0, 3);
        assertFailure("found one class folder, a, expected two or more", DataOptions.DEFAULT);
        Files.createDirectories(folder.resolve("b"));
        assertFailure("b: found a folder without pictures", DataOptions.DEFAULT);
        write("b", 10, 1);
        assertFailure("found one picture of the class 'b', expected two or more", DataOptions.DEFAULT);
        write("b", 11, 1);
        assertEquals(3, open(1).train().size());
        write("train/a", 20, 2);
        write("train/b", 30, 2);
        write("test/c", 40, 2);
        assertFailure("found a folder that is none of the model's labels, expected one of a, b", DataOptions.DEFAULT);
        DataSpec missing = DataSpec.parse("folder:" + folder.resolve("missing"));
        GlintException failure = assertThrows(GlintException.class, () -> missing.open(1));
        assertTrue(failure.getMessage().contains("missing: found no such folder"), failure.getMessage());
    }

    private void assertFailure(String expected, DataOptions options) {
        DataSpec spec = DataSpec.parse("folder:" + folder);
        GlintException failure = assertThrows(GlintException.class, () -> spec.open(1, options, note -> {}));
        assertEquals(GlintException.Reason.INPUT, failure.reason());
        assertTrue(failure.getMessage().contains(expected), failure.getMessage());
        assertTrue(failure.getMessage().startsWith(folder.toString()), failure.getMessage());
    }

    @Test
    void picturesOfSixteenBitsAreDecodedAsTheContractSays() throws IOException {
        for (String name : List.of("train/a/1", "train/b/1", "test/a/1")) {
            Path file = folder.resolve(name + ".png");
            Files.createDirectories(file.getParent());
            // One gray sample, 0x1280: its high byte is 18; Pillow takes whatever is above 255 for white.
            byte[] rows = {0, 0x12, (byte) 0x80};
            Files.write(
                    file, new PngFile().header(1, 1, 16, 0, 0).imageData(rows).end());
        }
        PreprocessContract pillow = NaturalInput.BARS.contract(List.of("a", "b"));
        PreprocessContract high = PreprocessContract.fromJson(pillow.toJson().replace("as-pillow", "high-byte"));
        for (PreprocessContract first : List.of(pillow, high)) {
            PictureSet train = open(1).train();
            PictureSet again = open(1).train();
            train.pixels(0, new Preprocessor(first));
            again.picture(0, first.decodeOptions());
            for (PictureSet set : List.of(train, again, train.first(1))) {
                assertEquals(255, set.pixels(0, new Preprocessor(pillow)).sample(3, 3, 0));
                assertEquals(18, set.pixels(0, new Preprocessor(high)).sample(3, 3, 0));
                assertEquals(255, set.picture(0).sample(0, 0, 0));
                assertEquals(18, set.picture(0, high.decodeOptions()).sample(0, 0, 0));
            }
        }
    }

    @Test
    void aPictureIsCalledByItsFileAndToldByItsBytes() throws IOException {
        write("train/a", 2, 1);
        write("train/b", 10, 1);
        write("test/a", 2, 1);
        DataSplit split = open(1);
        int copied = split.train().label(0) == 0 ? 0 : 1;
        assertEquals(
                folder.resolve("test/a/picture2.png").toString(),
                split.heldOut().name(0));
        assertEquals(
                folder.resolve("train/a/picture2.png").toString(), split.train().name(copied));
        String sha256 = PictureDigests.ofPicture(split.heldOut(), 0);
        assertEquals(sha256, PictureDigests.ofPicture(split.train(), copied));
        assertNotEquals(sha256, PictureDigests.ofPicture(split.train(), 1 - copied));
    }

    @Test
    void theRealFlowers() {
        Path flowers = SharedData.require("photos/flowers");
        DataSplit split = DataSpec.parse("folder:" + flowers).open(1);
        assertEquals(List.of("daisy", "dandelion", "rose", "sunflower", "tulip"), split.labels());
        assertEquals(750, split.train().size());
        assertEquals(250, split.heldOut().size());
        Preprocessor preprocessor = new Preprocessor(NaturalInput.CIFAR.contract(split.labels()));
        for (int i = 0; i < 5; i++) {
            Image image = split.train().picture(i);
            assertEquals(128, image.width());
            assertEquals(128, image.height());
            assertSame(split.train().pixels(i, preprocessor), split.train().pixels(i, preprocessor), "kept");
            assertArrayEquals(image.samples(), open(flowers, i));
        }
    }

    private static byte[] open(Path flowers, int i) {
        return DataSpec.parse("folder:" + flowers).open(1).train().picture(i).samples();
    }
}
