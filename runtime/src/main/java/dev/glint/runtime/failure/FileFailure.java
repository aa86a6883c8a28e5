package dev.glint.runtime.failure;

import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What Java says of files that cannot be used, in words for people. */
public final class FileFailure {
    private FileFailure() {}

    /**
     * The failure of a file that is missing or cannot be read, naming it.
     *
     * @param expected what it should be, as in {@code "a picture"}
     */
    public static GlintException unreadable(Reason reason, Path file, String expected, IOException e) {
        boolean missing = e instanceof NoSuchFileException;
        String found =
                missing ? "no such file" : Files.isDirectory(file) ? "a folder" : "an unreadable file (" + why(e) + ")";
        String remedy = missing ? "check the path" : "check the path and its permissions";
        return GlintException.failure(reason, found, expected, remedy)
                .causedBy(e)
                .about(file);
    }

    /** Why a file or folder cannot be used; it is not named again. */
    public static String why(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        if (e instanceof AccessDeniedException) {
            return "no permission";
        }
        return e instanceof FileSystemException file && file.getReason() != null
                ? file.getReason()
                : String.valueOf(e.getMessage());
    }
}
