package dev.glint.runtime.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileFailureTest {
    @TempDir
    private Path folder;

    private static void assertLine(String line, Path file, IOException e) {
        GlintException failure = FileFailure.unreadable(Reason.MODEL, file, "a model", e);

        assertEquals(line, failure.getMessage());
        assertEquals(Reason.MODEL, failure.reason());
        assertEquals(e, failure.getCause());
    }

    @Test
    void theLineSaysWhyAndNamesTheFileOnce() {
        Path file = Path.of("a.onnx");
        String unreadable =
                "a.onnx: found an unreadable file (%s), expected a model; check the path and its permissions";

        assertLine(unreadable.formatted("no permission"), file, new AccessDeniedException("a.onnx"));
        assertLine(
                unreadable.formatted("Too many levels of symbolic links"),
                file,
                new FileSystemException("a.onnx", null, "Too many levels of symbolic links"));
        assertLine(unreadable.formatted("Input/output error"), file, new IOException("Input/output error"));
    }

    @Test
    void whatIsMissingOrAFolderIsCalledSo() {
        Path missing = folder.resolve("a.onnx");

        assertLine(
                missing + ": found no such file, expected a model; check the path",
                missing,
                new NoSuchFileException("a.onnx"));
        assertLine(
                folder + ": found a folder, expected a model; check the path and its permissions",
                folder,
                new IOException("Is a directory"));
    }
}
