package dev.glint.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
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
        IOException e = assertThrows(
                IOException.class,
                () -> AtomicFile.write(file, channel -> {
                    channel.write(ByteBuffer.wrap(new byte[100]));
                    throw new IOException("disk full");
                }));
        assertEquals("disk full", e.getMessage());
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("text.txt"), names(folder));
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

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
