package dev.glint.runtime.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.testing.UnreadableFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

        assertEquals(
                Map.of("", 1, "gif", 1, "webp", 2), PictureFiles.search(folder).others());
    }

    @Test
    void aPictureThatIsMissingBehindItsLinkIsNotPassedOver() throws IOException {
        Path lost = Files.createSymbolicLink(folder.resolve("lost.png"), folder.resolve("nowhere.png"));

        assertEquals(List.of(lost), PictureFiles.list(folder));
        GlintException failure =
                assertThrows(GlintException.class, () -> ImageDecoder.decode(lost, DecodeOptions.defaults()));
        assertTrue(failure.getMessage().startsWith(lost + ": found no such file"), failure.getMessage());
    }

    @Test
    void picturesInOtherFormatsAreToldFromOtherFiles() throws IOException {
        for (String name : List.of("a.png", "b.webp", "a/c.GIF", "a/notes.txt", "a/d.gif", "Makefile")) {
            touch(name);
        }

        FolderContents contents = PictureFiles.search(folder);

        assertEquals(
                Optional.of("left out 3 pictures in formats that are not read (.gif 2, .webp 1)"),
                contents.unreadPictures());
        assertEquals(
                Optional.of("left out 2 files that are no pictures by their names (no extension 1, .txt 1)"),
                contents.otherFiles());
    }

    @Test
    void withNothingBesidePicturesThereIsNothingToSay() throws IOException {
        touch("a.png");
        touch(".b.gif");

        FolderContents contents = PictureFiles.search(folder);

        assertEquals(Optional.empty(), contents.unreadPictures());
        assertEquals(Optional.empty(), contents.otherFiles());
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
    void aFolderWithPicturesInOtherFormatsOnlySaysSo() throws IOException {
        touch("a.webp");

        GlintException failure = assertThrows(GlintException.class, () -> PictureFiles.list(folder));

        assertTrue(
                failure.getMessage()
                        .contains(
                                "a folder without pictures (left out 1 picture in formats that are not read (.webp 1))"),
                failure.getMessage());
    }

    @Test
    void aLoopOfLinksIsNotFollowed() throws IOException {
        touch("a.png");
        touch("b/c.png");
        touch("b/d.gif");
        Files.createSymbolicLink(folder.resolve("b/loop"), folder);
        Files.createSymbolicLink(folder.resolve("b/itself"), folder.resolve("b/itself"));

        FolderContents contents = PictureFiles.search(folder);

        assertEquals(List.of(folder.resolve("a.png"), folder.resolve("b/c.png")), contents.pictures());
        assertEquals(Map.of("", 1, "gif", 1), contents.others());
        assertEquals(List.of(), contents.problems());
        assertEquals(contents.pictures(), PictureFiles.list(folder));
    }

    @Test
    void eachFolderIsEnteredByOneLink() throws IOException {
        int folders = 40;
        touch("d" + folders + "/a.png");
        for (int i = 0; i < folders; i++) {
            Path from = Files.createDirectory(folder.resolve("d" + i));
            for (String name : List.of("x", "y")) {
                Files.createSymbolicLink(from.resolve(name), Path.of("../d" + (i + 1)));
            }
        }

        List<Path> found = PictureFiles.list(folder.resolve("d0"));

        assertEquals(List.of(folder.resolve("d0" + "/x".repeat(folders) + "/a.png")), found);
    }

    @Test
    void aNameThatIsNoTextLeadsToItsFile() throws Exception {
        touch("b.png");
        Process shell = new ProcessBuilder(
                        "bash", "-c", "cp b.png $'a\\xff.png'; cp b.png $'a\\xfe.png'; mkdir $'\\xff'")
                .directory(folder.toFile())
                .start();
        assumeTrue(shell.waitFor() == 0, "this file system takes no such name");

        List<Path> found = PictureFiles.list(folder);

        assertEquals(3, Set.copyOf(found).size());
        assertTrue(found.stream().allMatch(Files::exists), found.toString());
    }

    @Test
    void aFolderBelowThatCannotBeReadDoesNotHideTheOthers() throws IOException {
        touch("a.png");
        touch("z/b.png");
        try (UnreadableFolder unreadable = new UnreadableFolder(folder, "m")) {
            FolderContents contents = PictureFiles.search(folder);

            assertEquals(List.of(folder.resolve("a.png"), folder.resolve("z/b.png")), contents.pictures());
            assertEquals(1, contents.problems().size());
            GlintException problem = contents.problems().get(0);
            assertEquals(Reason.INPUT, problem.reason());
            assertTrue(problem.getMessage().startsWith(unreadable.path().toString()), problem.getMessage());
            assertTrue(problem.getMessage().contains(": found an unreadable folder ("), problem.getMessage());
            GlintException failure = assertThrows(GlintException.class, () -> PictureFiles.list(folder));
            assertEquals(problem.getMessage(), failure.getMessage());
        }
    }

    @Test
    void aFolderThatIsNotThereOrIsNoneIsNamed() throws IOException {
        touch("a.png");
        for (String name : List.of("missing", "a.png")) {
            Path none = folder.resolve(name);
            GlintException failure = assertThrows(GlintException.class, () -> PictureFiles.search(none));
            assertTrue(
                    failure.getMessage().startsWith(none + ": found an unreadable folder (no "), failure.getMessage());
        }
    }

    private void touch(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.createFile(file);
    }
}
