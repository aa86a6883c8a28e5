package dev.glint.console;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;

/** What a command says and returns when it fails: one line on standard error, an exit code, no stack trace. */
public final class FailureReport {
    private static final int INTERNAL_ERROR = 1;
    private static final int INTERRUPTED = 130;

    private FailureReport() {}

    /**
     * Prints the line of a failure; nothing if the reader of the output went away, who does not want to know.
     *
     * @param debug whether the stack trace follows the line
     * @return the exit code: that of a {@link Reason}, 3 for other input and output errors, 6 where memory ran out, 130
     *     where the reader went away, 1 for anything unforeseen
     */
    public static int print(Throwable failure, PrintWriter err, boolean debug) {
        if (failure instanceof Output.ReaderGone) {
            return INTERRUPTED;
        }
        err.println("error: " + line(failure));
        if (debug) {
            failure.printStackTrace(err);
        }
        err.flush();
        return exitCode(failure);
    }

    /** The failure of something that needs more memory than there is. */
    public static GlintException outOfMemory(OutOfMemoryError error) {
        return GlintException.failure(
                        Reason.LIMIT, "too little memory", "room for the picture and the model", "use smaller ones")
                .causedBy(error);
    }

    /** What a failure is, on one printable line. */
    static String line(Throwable failure) {
        return oneLine(describe(failure));
    }

    /** The text on one printable line. */
    static String oneLine(String text) {
        return Text.printable(text.replaceAll("\\s*\\R\\s*", " "));
    }

    private static String describe(Throwable failure) {
        if (failure instanceof GlintException glint) {
            return String.valueOf(glint.getMessage());
        }
        if (failure instanceof OutOfMemoryError error) {
            return describe(outOfMemory(error));
        }
        if (failure instanceof UncheckedIOException unchecked) {
            return describe(Objects.requireNonNull(unchecked.getCause()));
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
        if (failure instanceof OutOfMemoryError) {
            return Reason.LIMIT.exitCode();
        }
        return failure instanceof IOException || failure instanceof UncheckedIOException
                ? Reason.INPUT.exitCode()
                : INTERNAL_ERROR;
    }
}
