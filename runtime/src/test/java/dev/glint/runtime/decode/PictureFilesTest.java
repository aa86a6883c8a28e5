package dev.glint.runtime.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureFilesTest {
    @TempDir
    private Path folder;

    @Test
    void picturesAreFoundAtEveryDepthInTheOrderOfTheirPaths() throws IOException {
        for (String name :
                List.of("z.png", "a/2.JPG", "a/10.jpeg", "b.ppm", "notes.txt", "png", ".hidden.png", ".d/x.png")) {
            touch(name);
        }
        Files.createDirectory(folder.resolve("folder.png"));

        List<String> found = PictureFiles.list(folder).stream()
                .map(file -> folder.relativize(file).toString())
                .toList();

        assertEquals(List.of("a/10.jpeg", "a/2.JPG", "b.ppm", "z.png"), found);
    }

    @Test
    void filesOfOtherNamesAreCounted() throws IOException {
        for (String name : List.of("a.png", "b.webp", "a/c.WEBP", "a/notes", ".hidden", ".d/x.gif", "d.gif")) {
            touch(name);
        }
        Files.createSymbolicLink(folder.resolve("lost.png"), folder.resolve("nowhere.png"));

        assertEquals(Map.of("", 1, "gif", 1, "png", 1, "webp", 2), PictureFiles.others(folder));
    }

    @Test
    void aFolderInsideAHiddenOneIsSearched() throws IOException {
        touch(".cache/a.png");

        assertEquals(List.of(folder.resolve(".cache/a.png")), PictureFiles.list(folder.resolve(".cache")));
    }

    @Test
    void linkedFoldersAreFollowed() throws IOException {
        touch("data/a.png");
        Files.createDirectory(folder.resolve("set"));
        Files.createSymbolicLink(folder.resolve("set/class"), folder.resolve("data"));

        assertEquals(List.of(folder.resolve("set/class/a.png")), PictureFiles.list(folder.resolve("set")));
    }

    @Test
    void aFolderWithoutPicturesIsNamed() throws IOException {
        touch("notes.txt");

        GlintException failure = assertThrows(GlintException.class, () -> PictureFiles.list(folder));

        assertEquals(Reason.INPUT, failure.reason());
        assertTrue(failure.getMessage().startsWith(folder + ": found a folder without pictures"), failure.getMessage());
    }

    @Test
    void aLoopOfLinksIsRefused() throws IOException {
        Files.createSymbolicLink(folder.resolve("loop"), folder);

        GlintException failure = assertThrows(GlintException.class, () -> PictureFiles.list(folder));

        assertTrue(failure.getMessage().startsWith(folder + ": found an unreadable folder"), failure.getMessage());
    }

    private void touch(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.createFile(file);
    }
}
