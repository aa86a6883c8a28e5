package dev.glint.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PictureFolderTest {
    @TempDir
    Path folder;

    @Test
    void theFilesHoldTheVeryPixels() throws IOException {
        PictureSet bars = Bars.open(3).heldOut().first(12);
        PictureFolder.write(folder.resolve("bars"), bars, Bars.LABELS, done -> {});
        for (int i = 0; i < bars.size(); i++) {
            Path file = folder.resolve("bars")
                    .resolve(i % 2 == 0 ? "horizontal" : "vertical")
                    .resolve(String.format("%05d.png", i));
            assertArrayEquals(
                    bars.picture(i).samples(),
                    ImageDecoder.decode(file, DecodeOptions.defaults()).samples());
        }
        assertEquals(List.of("bars"), names(folder));
        assertEquals(List.of("horizontal", "vertical"), names(folder.resolve("bars")));
        assertEquals(6, names(folder.resolve("bars/vertical")).size());
    }

    @Test
    void coloursStayInTheirChannels() throws IOException {
        Cifar10Files.write(folder.resolve("cifar"), 10);
        DataSplit split = Cifar10.read(folder.resolve("cifar"));
        PictureFolder.write(folder.resolve("out"), split.heldOut(), split.labels(), done -> {});
        assertArrayEquals(
                split.heldOut().picture(5).samples(),
                ImageDecoder.decode(folder.resolve("out/dog/00005.png"), DecodeOptions.defaults())
                        .samples());
        assertEquals(10, names(folder.resolve("out")).size());
    }

    /** One picture of class 0. */
    private record Single(Image image) implements PictureSet {
        @Override
        public int size() {
            return 1;
        }

        @Override
        public Image picture(int index) {
            return image;
        }

        @Override
        public int label(int index) {
            return 0;
        }
    }

    private Image rewritten(Image image, String name) throws IOException {
        PictureFolder.write(folder.resolve(name), new Single(image), List.of("a", "b"), done -> {});
        return ImageDecoder.decode(folder.resolve(name).resolve("a/00000.png"), DecodeOptions.defaults());
    }

    @Test
    void alphaIsKept() throws IOException {
        byte[] samples = {1, 2, 3, (byte) 128, 0, (byte) 255, 7, 0};
        Image color = rewritten(new Image(2, 1, Image.Mode.RGBA, samples), "color");
        assertEquals(Image.Mode.RGBA, color.mode());
        assertArrayEquals(samples, color.samples());
        Image gray = rewritten(new Image(4, 1, Image.Mode.GRAY_ALPHA, samples), "gray");
        assertArrayEquals(
                new byte[] {1, 1, 1, 2, 3, 3, 3, (byte) 128, 0, 0, 0, (byte) 255, 7, 7, 7, 0}, gray.samples());
    }

    @Test
    void picturesAreTurnedUpright() throws IOException {
        Image lying = new Image(3, 1, Image.Mode.GRAY, 6, new byte[] {1, 2, 3});
        Image standing = rewritten(lying, "turned");
        assertEquals(3, standing.height());
        assertArrayEquals(new byte[] {1, 2, 3}, standing.samples());
        assertEquals(1, standing.orientation());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/b", "..", ".", "", " ", "/x", ".hidden", "a\0b", "a/"})
    void aLabelThatLeadsElsewhereIsRefused(String label) throws IOException {
        PictureSet bars = Bars.open(3).heldOut().first(2);
        GlintException failure = assertThrows(
                GlintException.class,
                () -> PictureFolder.write(folder.resolve("out"), bars, List.of("a", label), done -> {}));
        assertEquals(GlintException.Reason.INPUT, failure.reason());
        assertEquals(List.of(), names(folder));
    }

    @Test
    void anEmptyFolderMayBeThereAndAFullOneMayNot() throws IOException {
        PictureSet bars = Bars.open(3).heldOut().first(2);
        Files.createDirectories(folder.resolve("empty"));
        PictureFolder.write(folder.resolve("empty"), bars, Bars.LABELS, done -> {});
        assertEquals(List.of("horizontal", "vertical"), names(folder.resolve("empty")));
        Files.createDirectories(folder.resolve("full"));
        Files.writeString(folder.resolve("full/notes.txt"), "mine");
        assertThrows(
                GlintException.class, () -> PictureFolder.write(folder.resolve("full"), bars, Bars.LABELS, done -> {}));
        assertEquals(List.of("notes.txt"), names(folder.resolve("full")));
    }

    @Test
    void whoeverMayEnterOtherFoldersMayEnterIt() throws IOException {
        assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"), "permissions are POSIX's");
        PictureFolder.write(folder.resolve("bars"), Bars.open(3).heldOut().first(2), Bars.LABELS, done -> {});
        assertEquals(
                Files.getPosixFilePermissions(Files.createDirectory(folder.resolve("other"))),
                Files.getPosixFilePermissions(folder.resolve("bars")));
    }

    @Test
    void nothingIsLeftOfAWriteThatFails() throws IOException {
        PictureSet bars = Bars.open(3).heldOut().first(5);
        List<Integer> seen = new ArrayList<>();
        assertThrows(
                IllegalStateException.class,
                () -> PictureFolder.write(folder.resolve("bars"), bars, Bars.LABELS, done -> {
                    seen.add(done);
                    if (done == 3) {
                        throw new IllegalStateException("stop");
                    }
                }));
        assertEquals(List.of(1, 2, 3), seen);
        assertEquals(List.of(), names(folder));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
