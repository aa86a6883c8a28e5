package dev.glint.runtime.decode;

import dev.glint.runtime.GlintException;
import dev.glint.runtime.Image;
import java.nio.file.Path;

/** Decodes an encoded picture; the format is told by its content, not by its name. */
public final class ImageDecoder {
    private ImageDecoder() {}

    /**
     * Decodes a file.
     *
     * @throws GlintException naming the file: {@code INPUT} if it is unreadable, of no known format or damaged,
     *     {@code LIMIT} if it exceeds one of the limits
     */
    public static Image decode(Path file, DecodeOptions options) {
        throw new UnsupportedOperationException(file + " " + options);
    }

    /** Decodes the bytes of a file; as {@link #decode(Path, DecodeOptions)}, without a file to name. */
    public static Image decode(byte[] encoded, DecodeOptions options) {
        throw new UnsupportedOperationException(encoded.length + " " + options);
    }
}
