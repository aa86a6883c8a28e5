package dev.glint.runtime.failure;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A failure that a person can act on. Its message is one line: the subject (mostly a file), what was found, what was
 * expected, what to do. Whatever its parts hold, the line is {@linkplain PrintableText printable}. Every command turns it
 * into that line and the exit code of its {@link Reason}.
 */
public final class GlintException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A file may hold words of any length; a line of more than this is read by nobody. */
    private static final int MAX_PART = 2_000;

    /** Why it failed, with the exit code of the command that ends with it. */
    public enum Reason {
        /** An option or argument makes no sense. */
        USAGE(2),
        /** An input (picture, data set, run folder) is unreadable or invalid. */
        INPUT(3),
        /** A model is invalid or does not fit its contract. */
        MODEL(4),
        /** A gate failed: accuracy dropped, a variant is slower than fp32, a self test differs. */
        GATE(5),
        /** A limit was exceeded. */
        LIMIT(6);

        private final int exitCode;

        Reason(int exitCode) {
            this.exitCode = exitCode;
        }

        /** The process exit code, 2 to 6. */
        public int exitCode() {
            return exitCode;
        }
    }

    private final Reason reason;
    private final String detail;
    private final @Nullable String subject;

    private GlintException(Reason reason, @Nullable String subject, String detail, @Nullable Throwable cause) {
        super(subject == null ? oneLine(detail) : oneLine(subject) + ": " + oneLine(detail), cause);
        this.reason = Objects.requireNonNull(reason);
        this.subject = subject;
        this.detail = detail;
    }

    /**
     * A failure of the given reason.
     *
     * @param found what was found, as in {@code "a text file"}
     * @param expected what was expected instead
     * @param remedy what the reader can do about it
     */
    public static GlintException failure(Reason reason, String found, String expected, String remedy) {
        String detail = "found " + shortened(found) + ", expected " + shortened(expected) + "; " + remedy;
        return new GlintException(reason, null, detail, null);
    }

    /** The same failure, with the file it is about in front; one that already names its subject stays as it is. */
    public GlintException about(Path file) {
        return about(file.toString());
    }

    /** The same failure, with its subject in front; one that already names its subject stays as it is. */
    public GlintException about(String what) {
        if (subject != null) {
            return this;
        }
        return again(what, detail, getCause());
    }

    /** The same failure with another way out behind its remedy, as in {@code "leave it out with --skip"}. */
    public GlintException withAlternative(String remedy) {
        return again(subject, detail + ", or " + remedy, getCause());
    }

    /** The same failure with the exception that led to it, for {@code --debug}. */
    public GlintException causedBy(Throwable cause) {
        return again(subject, detail, cause);
    }

    private GlintException again(@Nullable String what, String line, @Nullable Throwable cause) {
        GlintException same = new GlintException(reason, what, line, cause);
        same.setStackTrace(getStackTrace());
        return same;
    }

    /** The line. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /** Why it failed. */
    public Reason reason() {
        return reason;
    }

    /** What it is about, as it was named; empty if that is not known. */
    public Optional<String> subject() {
        return Optional.ofNullable(subject);
    }

    private static String shortened(String part) {
        return part.length() <= MAX_PART ? part : part.substring(0, MAX_PART) + "...";
    }

    private static String oneLine(String text) {
        return PrintableText.printable(text.replaceAll("\\s*\\R\\s*", " ").strip());
    }
}
