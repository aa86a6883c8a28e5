package dev.glint.console;

import dev.glint.runtime.failure.GlintException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What a command says and returns when it fails: one line on standard error, an exit code, no stack trace. */
public final class FailureReport {
    private static final int INTERNAL_ERROR = 1;

    private FailureReport() {}

    /**
     * Prints the line of a failure.
     *
     * @param debug whether the stack trace follows the line
     * @return the exit code: that of a {@link GlintException.Reason}, 3 for other input and output errors, 1 for
     *     anything unforeseen
     */
    public static int print(Throwable failure, PrintWriter err, boolean debug) {
        err.println("error: " + line(failure).replaceAll("\\s*\\R\\s*", " "));
        if (debug) {
            failure.printStackTrace(err);
        }
        err.flush();
        return exitCode(failure);
    }

    private static String line(Throwable failure) {
        if (failure instanceof GlintException glint) {
            return String.valueOf(glint.getMessage());
        }
        if (failure instanceof UncheckedIOException unchecked) {
            return line(unchecked.getCause());
        }
        if (failure instanceof NoSuchFileException missing) {
            return missing.getFile() + ": found no such file or folder; check the path";
        }
        if (failure instanceof FileAlreadyExistsException existing) {
            return existing.getFile() + ": found something already there; name another path or remove it";
        }
        if (failure instanceof AccessDeniedException denied) {
            return denied.getFile() + ": found no permission; change its owner or mode, or name another path";
        }
        if (failure instanceof FileSystemException file && file.getReason() != null) {
            return file.getFile() + ": found an error of the file system (" + file.getReason()
                    + "); mend it and try again";
        }
        if (failure instanceof IOException) {
            return String.valueOf(failure.getMessage());
        }
        return "internal: " + failure + "; run again with --debug and report the stack trace";
    }

    private static int exitCode(Throwable failure) {
        if (failure instanceof GlintException glint) {
            return glint.reason().exitCode();
        }
        return failure instanceof IOException || failure instanceof UncheckedIOException
                ? GlintException.Reason.INPUT.exitCode()
                : INTERNAL_ERROR;
    }
}
