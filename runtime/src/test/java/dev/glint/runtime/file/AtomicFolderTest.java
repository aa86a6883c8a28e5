package dev.glint.runtime.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.testing.FaultyFiles;
import dev.glint.runtime.testing.FaultyFiles.Fault;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFolderTest {
    @TempDir
    Path folder;

    private static void write(Path target) throws IOException {
        try (AtomicFolder building = AtomicFolder.begin(target)) {
            Files.createDirectory(building.staging().resolve("class"));
            Files.writeString(building.staging().resolve("class/picture"), "pixels");
            Files.writeString(building.staging().resolve("notes"), "two");
            building.publish();
        }
    }

    @Test
    void appearsWithEverythingInItAndItsParents() throws IOException {
        write(folder.resolve("a/b"));
        assertEquals(List.of("b"), names(folder.resolve("a")));
        assertEquals(List.of("class", "notes"), names(folder.resolve("a/b")));
        assertEquals("pixels", Files.readString(folder.resolve("a/b/class/picture")));
    }

    @Test
    void aWayBackFromBehindALinkIsTheSystems() throws IOException {
        Files.createDirectories(folder.resolve("else/sub"));
        Files.createDirectory(folder.resolve("work"));
        Files.createSymbolicLink(folder.resolve("work/link"), Path.of("../else/sub"));

        write(folder.resolve("work/link/../new"));

        assertEquals(List.of("new", "sub"), names(folder.resolve("else")));
        assertEquals(List.of("link"), names(folder.resolve("work")));
    }

    @Test
    void aNameMayEndInDots() throws IOException {
        write(folder.resolve("a/."));
        write(folder.resolve("b/c/.."));

        assertEquals(List.of("class", "notes"), names(folder.resolve("a")));
        assertEquals(List.of("class", "notes"), names(folder.resolve("b")));
    }

    @Test
    void whatWasNotPublishedIsRemoved() throws IOException {
        try (AtomicFolder building = AtomicFolder.begin(folder.resolve("out"))) {
            Files.createDirectory(building.staging().resolve("class"));
            Files.writeString(building.staging().resolve("class/picture"), "pixels");
            assertEquals(1, names(folder).size());
            assertTrue(
                    AtomicFile.isTemporary(building.staging()),
                    building.staging().toString());
        }
        assertEquals(List.of(), names(folder));
    }

    @Test
    void hasThePermissionsOfAnyNewFolder() throws IOException {
        assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"), "permissions are POSIX's");
        write(folder.resolve("out"));
        assertEquals(
                Files.getPosixFilePermissions(Files.createDirectory(folder.resolve("other"))),
                Files.getPosixFilePermissions(folder.resolve("out")));
    }

    @Test
    void takesThePlaceOfAnEmptyFolderOnly() throws IOException {
        write(Files.createDirectory(folder.resolve("empty")));
        assertEquals(List.of("class", "notes"), names(folder.resolve("empty")));
        Path full = Files.createDirectory(folder.resolve("full"));
        Files.writeString(full.resolve("mine"), "x");
        assertThrows(FileSystemException.class, () -> write(full));
        assertEquals(List.of("mine"), names(full));
        assertEquals(List.of("empty", "full"), names(folder));
    }

    @Test
    void aLinkToAnEmptyFolderStays() throws IOException {
        Path disk = Files.createDirectories(folder.resolve("disk/pictures"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), disk);
        write(link);
        assertTrue(Files.isSymbolicLink(link));
        assertEquals(List.of("class", "notes"), names(disk));
    }

    @Test
    void theRestOfAKilledProcessOfTheSameNumberIsNotInTheWay() throws IOException {
        String name;
        try (AtomicFolder building = AtomicFolder.begin(folder.resolve("out"))) {
            name = building.staging().getFileName().toString();
        }
        int dash = name.lastIndexOf('-');
        long next = 1 + Long.parseLong(name.substring(dash + 1, name.length() - ".tmp".length()));
        Path left = Files.createDirectory(folder.resolve(name.substring(0, dash + 1) + next + ".tmp"));
        write(folder.resolve("out"));
        assertEquals(List.of(left.getFileName().toString(), "out"), names(folder));
        Files.writeString(left.resolve("half"), "x");
        AtomicFile.removeLeftovers(folder);
        assertEquals(List.of("out"), names(folder));
    }

    @Test
    void aProcessThatIsKilledLeavesAllOrNothing() throws IOException {
        boolean finished = false;
        for (int at = 1; !finished; at++) {
            FaultyFiles files = new FaultyFiles(folder, Fault.CRASH, at);
            try {
                write(files.folder().resolve("out"));
                finished = true;
            } catch (FaultyFiles.Crash e) {
                AtomicFile.removeLeftovers(folder);
            }
            Path out = folder.resolve("out");
            assertEquals(Files.exists(out) ? List.of("out") : List.of(), names(folder), "killed at " + at);
            if (Files.exists(out)) {
                assertEquals("pixels", Files.readString(out.resolve("class/picture")), "killed at " + at);
                assertEquals(List.of("class", "notes"), names(out), "killed at " + at);
                AtomicFolder.deleteTree(out);
            }
        }
    }

    @Test
    void filesOfAFolderThatStandsAreReplacedOneByOne() throws IOException {
        Files.writeString(folder.resolve("mine"), "x");
        Files.writeString(folder.resolve("old"), "old");
        try (AtomicFolder building = AtomicFolder.begin(folder)) {
            Files.writeString(building.staging().resolve("old"), "new");
            Files.writeString(building.staging().resolve("more"), "more");
            building.publishFiles(List.of("more", "old"));
        }
        assertEquals(List.of("mine", "more", "old"), names(folder));
        assertEquals("new", Files.readString(folder.resolve("old")));
    }

    @Test
    void onlyANewOrAnEmptyFolderIsFree() throws IOException {
        AtomicFolder.requireFree(folder, "name another");
        AtomicFolder.requireFree(folder.resolve("new"), "name another");
        Path file = Files.writeString(folder.resolve("file"), "x");
        for (Path occupied : List.of(folder, file)) {
            GlintException failure =
                    assertThrows(GlintException.class, () -> AtomicFolder.requireFree(occupied, "name another"));
            assertEquals(GlintException.Reason.INPUT, failure.reason());
            assertTrue(failure.getMessage().startsWith(occupied + ": found a f"), failure.getMessage());
            assertTrue(failure.getMessage().endsWith("; name another"), failure.getMessage());
        }
        AtomicFolder.requireFree(folder, "name another", file::equals);
    }

    @Test
    void deletingFollowsNoLinks() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.writeString(other.resolve("mine"), "x");
        Path tree = Files.createDirectories(folder.resolve("tree/below")).getParent();
        Files.createSymbolicLink(tree.resolve("below/link"), other);
        Files.createSymbolicLink(tree.resolve("dangling"), folder.resolve("nowhere"));
        AtomicFolder.deleteTree(tree);
        AtomicFolder.deleteTree(Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("nowhere")));
        AtomicFolder.deleteTree(folder.resolve("nowhere"));
        assertFalse(Files.exists(tree));
        assertEquals(List.of("other"), names(folder));
        assertEquals(List.of("mine"), names(other));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
