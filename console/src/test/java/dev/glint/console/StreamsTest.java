package dev.glint.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamsTest {
    @TempDir
    private Path folder;

    @Test
    void anOutputThatIsOpenIsWrittenTo() throws IOException {
        Path file = folder.resolve("out");
        try (FileOutputStream stream = new FileOutputStream(file.toFile())) {
            Output output = new Output(Streams.standardOutput(stream.getFD()));
            output.line("a line");
            output.flush();
        }

        assertEquals("a line\n", Files.readString(file));
    }

    @Test
    void anOutputThatIsClosedSaysSo() throws IOException {
        FileDescriptor closed;
        try (FileOutputStream stream =
                new FileOutputStream(folder.resolve("out").toFile())) {
            closed = stream.getFD();
        }
        Output output = new Output(Streams.standardOutput(closed));
        output.line("a line");

        UncheckedIOException failure = assertThrows(UncheckedIOException.class, output::flush);

        assertTrue(String.valueOf(failure.getMessage()).endsWith("standard output: it is closed"), failure.toString());
    }
}
