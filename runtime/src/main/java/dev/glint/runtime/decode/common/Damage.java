package dev.glint.runtime.decode.common;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;

/** The failures of a picture that is broken, cut off or of a kind that is not decoded, each with its place. */
public final class Damage {
    private Damage() {}

    /**
     * A picture that is broken.
     *
     * @param offset the byte of the encoded file at which that was found out
     * @param found what stands there, as in {@code "chunk IDAT with a wrong CRC"}
     * @param expected what should stand there
     */
    public static GlintException found(long offset, String found, String expected) {
        return GlintException.failure(
                Reason.INPUT,
                "a damaged picture (" + found + ", at byte " + offset + ")",
                expected,
                "the file must be fetched or written again");
    }

    /** A picture that is cut off where {@code expected} should stand. */
    public static GlintException truncated(long offset, String expected) {
        return found(offset, "the file ends too early", expected);
    }

    /** A picture that may be in order but is of a kind that is not decoded. */
    public static GlintException unsupported(String found, String expected) {
        return GlintException.failure(Reason.INPUT, found, expected, "convert the picture");
    }
}
