package dev.glint.runtime.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.testing.FaultyFiles;
import dev.glint.runtime.testing.FaultyFiles.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path folder;

    @Test
    void replacesAFileAndMakesItsFolder() throws IOException {
        Path file = folder.resolve("a/b/text.txt");
        AtomicFile.write(file, "first");
        AtomicFile.write(file, "zwölf");
        assertEquals("zwölf", Files.readString(file));
        assertEquals(List.of("text.txt"), names(file.getParent()));
    }

    @Test
    void leavesTheOldFileWhenWritingFails() throws IOException {
        Path file = folder.resolve("text.txt");
        AtomicFile.write(file, "old");
        FileSystemException e = assertThrows(
                FileSystemException.class,
                () -> AtomicFile.write(file, channel -> {
                    channel.write(ByteBuffer.wrap(new byte[100]));
                    throw new IOException("disk full");
                }));
        assertEquals(file.toString(), e.getFile());
        assertEquals("disk full", e.getReason());
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("text.txt"), names(folder));
    }

    @Test
    void whereNothingCanBeWrittenTheTargetIsNamed() {
        // /proc takes no files, not even from root.
        Path file = Path.of("/proc/text.txt");

        FileSystemException e = assertThrows(FileSystemException.class, () -> AtomicFile.write(file, "new"));

        assertEquals(file.toString(), e.getFile());
        assertTrue(e.getReason() != null && !e.getReason().contains(".tmp"), e.getReason());
    }

    @Test
    void severalThreadsLeaveOneWholeFile() throws IOException {
        Path file = folder.resolve("text.txt");
        IntStream.range(0, 16).parallel().forEach(i -> {
            try {
                AtomicFile.write(file, (char) ('a' + i) + "x".repeat(100_000));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        assertEquals(100_001, Files.size(file));
        assertEquals(List.of("text.txt"), names(folder));
    }

    @Test
    void aProcessThatIsKilledLeavesTheOldFileOrTheNewOne() throws IOException {
        Path file = folder.resolve("text.txt");
        boolean finished = false;
        for (int at = 1; !finished; at++) {
            AtomicFile.write(file, "old");
            FaultyFiles files = new FaultyFiles(folder, Fault.CRASH, at);
            try {
                AtomicFile.write(files.folder().resolve("text.txt"), "newer");
                finished = true;
            } catch (FaultyFiles.Crash e) {
                String text = Files.readString(file);
                assertTrue(text.equals("old") || text.equals("newer"), "killed at " + at + ": " + text);
                AtomicFile.removeLeftovers(folder);
            }
            assertEquals(List.of("text.txt"), names(folder), "killed at " + at);
        }
        assertEquals("newer", Files.readString(file));
    }

    @Test
    void aFullDiskLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = folder.resolve("text.txt");
        boolean finished = false;
        for (int at = 1; !finished; at++) {
            AtomicFile.write(file, "old");
            FaultyFiles files = new FaultyFiles(folder, Fault.FULL_DISK, at);
            try {
                AtomicFile.write(files.folder().resolve("text.txt"), "newer");
                finished = true;
            } catch (FileSystemException e) {
                assertTrue(e.getFile().contains("text.txt"), e.getFile());
                assertEquals("No space left on device", e.getReason());
                assertEquals("old", Files.readString(file), "full at " + at);
            }
            assertEquals(List.of("text.txt"), names(folder), "full at " + at);
        }
        assertEquals("newer", Files.readString(file));
    }

    @Test
    void aLinkInAFolderOfOthersIsReplacedAndANamedOneFollowed() throws IOException {
        Path precious = Files.writeString(folder.resolve("precious.txt"), "precious");
        Path link = Files.createSymbolicLink(folder.resolve("link.txt"), Path.of("precious.txt"));
        Path further = Files.createSymbolicLink(folder.resolve("further.txt"), link);

        AtomicFile.write(AtomicFile.behindLinks(further), "new");
        assertEquals("new", Files.readString(precious));
        AtomicFile.write(link, "newer");

        assertEquals("new", Files.readString(precious));
        assertTrue(Files.isRegularFile(link, LinkOption.NOFOLLOW_LINKS));
        Path circle = Files.createSymbolicLink(folder.resolve("circle"), Path.of("circle"));
        assertThrows(FileSystemException.class, () -> AtomicFile.behindLinks(circle));
    }

    @Test
    void nothingButFilesIsReplaced() throws IOException {
        for (Path file : List.of(Path.of("/dev/null"), folder)) {
            FileSystemException e = assertThrows(FileSystemException.class, () -> AtomicFile.write(file, "new"));
            assertEquals(file.toString(), e.getFile());
            assertTrue(e.getReason().startsWith("it is a "), e.getReason());
        }
    }

    @Test
    void aNameThatSomebodyGuessedIsLeftAlone() throws IOException {
        Path precious = Files.writeString(folder.resolve("precious.txt"), "precious");
        Path file = folder.resolve("text.txt");
        String first = AtomicFile.temporary(file).getFileName().toString();
        int number = Integer.parseInt(first.replaceAll(".*-(\\d+)\\.tmp", "$1"));
        for (int i = 1; i < 4; i++) {
            String name = first.replace("-" + number + ".tmp", "-" + (number + i) + ".tmp");
            Files.createSymbolicLink(folder.resolve(name), precious);
        }

        AtomicFile.write(file, "new");

        assertEquals("precious", Files.readString(precious));
        assertEquals("new", Files.readString(file));
        assertTrue(Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void onlyLeftoversAreRemoved() throws IOException {
        List<String> others = List.of(".hidden.tmp", ".text.txt.12.tmp", "text.txt", "text.txt.1-1.tmp");
        for (String name : others) {
            Files.writeString(folder.resolve(name), "x");
        }
        Files.writeString(folder.resolve(".text.txt.4711-3.tmp"), "x");
        AtomicFile.removeLeftovers(folder);
        assertEquals(others, names(folder));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
