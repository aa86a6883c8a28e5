package dev.glint.runtime.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.glint.runtime.evaluate.PictureFileSet.LabelledFile;
import dev.glint.runtime.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureDigestsTest {
    @TempDir
    private Path folder;

    /** Files with these contents, labelled by turns. */
    private PictureFileSet files(String of, String... contents) throws IOException {
        List<LabelledFile> files = new ArrayList<>();
        for (String content : contents) {
            Path file = Files.createDirectories(folder.resolve(of)).resolve(files.size() + ".png");
            files.add(new LabelledFile(Files.writeString(file, content), files.size() % 2));
        }
        return new PictureFileSet(files);
    }

    private static PictureFileSet labelled(PictureFileSet set, int label) {
        return new PictureFileSet(set.files().stream()
                .map(file -> new LabelledFile(file.file(), label))
                .toList());
    }

    @Test
    void aSetIsItsPicturesAndTheirClasses() throws IOException {
        PictureFileSet set = files("a", "one", "two", "three", "two");
        String sha256 = PictureDigests.ofSet(set);
        assertEquals(sha256, PictureDigests.ofSet(files("moved", "one", "two", "three", "two")));
        assertEquals(sha256, PictureDigests.ofSet(files("order", "three", "two", "one", "two")));
        assertNotEquals(sha256, PictureDigests.ofSet(files("other", "one", "two", "three", "tow")));
        assertNotEquals(sha256, PictureDigests.ofSet(files("classes", "two", "one", "two", "three")));
        assertNotEquals(PictureDigests.ofSet(labelled(set, 0)), PictureDigests.ofSet(labelled(set, 1)));
        assertNotEquals(sha256, PictureDigests.ofSet(set.first(3)));
    }

    /** Calculated with {@code sha256sum}: of "one", and of that with " 0" and a line's end behind it. */
    @Test
    void isTheSha256OfTheFile() throws IOException {
        PictureFileSet set = files("a", "one");
        assertEquals(
                "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed", PictureDigests.ofPicture(set, 0));
        assertEquals("8380f6392d68317dc6603fbbba9ab8d2559e53f0916c49b53b10614af3154b2e", PictureDigests.ofSet(set));
    }

    /** Pictures without files. */
    private record Gray(int width, int height, byte... samples) implements PictureSet {
        @Override
        public int size() {
            return 1;
        }

        @Override
        public Image picture(int index) {
            return new Image(width, height, Image.Mode.GRAY, samples);
        }

        @Override
        public int label(int index) {
            return 0;
        }
    }

    @Test
    void picturesWithoutFilesAreToldByTheirSamplesAndSize() {
        byte[] samples = {1, 2};
        String sha256 = PictureDigests.ofPicture(new Gray(2, 1, samples), 0);
        assertEquals(sha256, PictureDigests.ofPicture(new Gray(2, 1, samples), 0));
        assertNotEquals(sha256, PictureDigests.ofPicture(new Gray(1, 2, samples), 0));
        assertNotEquals(sha256, PictureDigests.ofPicture(new Gray(2, 1, new byte[] {1, 3}), 0));
    }
}
