package dev.glint.runtime.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.glint.runtime.evaluate.PictureFileSet.LabelledFile;
import dev.glint.runtime.failure.GlintException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassFoldersTest {
    private static final List<String> LABELS = List.of("cat", "dog", "owl");

    @TempDir
    private Path folder;

    @Test
    void theFolderIsTheLabel() throws IOException {
        Path dog = picture("dog/1.png");
        Path cat = picture("cat/deep/2.png");
        picture(".thumbnails/3.png");

        assertEquals(
                List.of(new LabelledFile(cat, 0), new LabelledFile(dog, 1)),
                ClassFolders.read(folder, LABELS).files());
        assertEquals(List.of("cat", "dog"), ClassFolders.labels(folder));
    }

    @Test
    void otherFoldersAreRefused() throws IOException {
        picture("dog/1.png");
        picture("wolf/1.png");

        assertRefused(folder, "wolf: found a folder that is none of the model's labels, expected one of cat, dog, owl");
    }

    @Test
    void emptyFoldersAreRefused() throws IOException {
        assertRefused(folder, ": found no class folders");
        assertRefused(folder.resolve("nowhere"), "nowhere: found no such folder");
        Files.createDirectory(folder.resolve("cat"));
        assertRefused(folder, "cat: found a folder without pictures");
    }

    @Test
    void namesThatAreNoTextAreRefused() throws Exception {
        picture("cat/1.png");
        Process shell = new ProcessBuilder("bash", "-c", "mkdir $'\\xff' $'\\xfe'")
                .directory(folder.toFile())
                .start();
        assumeTrue(shell.waitFor() == 0, "this file system takes no such name");

        String line = "\uFFFD: found a name that is no text";
        assertRefused(folder, line);
        GlintException failure = assertThrows(GlintException.class, () -> ClassFolders.labels(folder));
        assertTrue(failure.getMessage().contains(line), failure.getMessage());
    }

    private static void assertRefused(Path folder, String line) {
        GlintException failure = assertThrows(GlintException.class, () -> ClassFolders.read(folder, LABELS));
        assertTrue(failure.getMessage().contains(line), failure.getMessage());
        assertEquals(GlintException.Reason.INPUT, failure.reason());
    }

    private Path picture(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.createFile(file);
    }
}
