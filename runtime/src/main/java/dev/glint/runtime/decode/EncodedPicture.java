package dev.glint.runtime.decode;

import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.decode.format.ImageInfo;
import dev.glint.runtime.failure.FileFailure;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * A picture's encoded bytes, read once, with the name that stands in front of its failures. A pipe or another process's
 * output can be read only once: who wants both the header and the pixels of a file asks this for both.
 */
public final class EncodedPicture {
    private final String name;
    private final byte[] bytes;

    private EncodedPicture(String name, byte[] bytes) {
        this.name = name;
        this.bytes = bytes;
    }

    /**
     * Reads a file, or anything else that has a path and an end.
     *
     * @throws GlintException naming the file: {@code INPUT} if it is unreadable, {@code LIMIT} if it has more bytes than
     *     {@link DecodeLimits#encodedBytes}
     */
    public static EncodedPicture read(Path file, DecodeLimits limits) {
        try (InputStream in = Files.newInputStream(file)) {
            limits.requireEncoded(Files.size(file));
            return new EncodedPicture(file.toString(), bytes(in, limits));
        } catch (IOException e) {
            throw FileFailure.unreadable(Reason.INPUT, file, "a picture", e);
        } catch (GlintException e) {
            throw e.about(file);
        }
    }

    /**
     * Reads a stream to its end, or to just beyond the limit; it stays open.
     *
     * @param name what the stream is called in a failure
     * @throws GlintException naming it: {@code INPUT} if it is unreadable, {@code LIMIT} if it has more bytes than {@link
     *     DecodeLimits#encodedBytes}
     */
    public static EncodedPicture read(InputStream in, String name, DecodeLimits limits) {
        try {
            return new EncodedPicture(name, bytes(in, limits));
        } catch (IOException e) {
            String found = "an unreadable stream (" + e.getMessage() + ")";
            throw GlintException.failure(Reason.INPUT, found, "a picture", "check what it comes from")
                    .causedBy(e)
                    .about(name);
        } catch (GlintException e) {
            throw e.about(name);
        }
    }

    /** Reads no more than the limit allows, whatever the source claims to be: a pipe has no size. */
    private static byte[] bytes(InputStream in, DecodeLimits limits) throws IOException {
        byte[] encoded = in.readNBytes(limits.encodedBytes());
        limits.requireEncoded(encoded.length + (in.read() < 0 ? 0L : 1L));
        return encoded;
    }

    /**
     * Decodes it, as {@link ImageDecoder#decode(byte[], DecodeOptions)}.
     *
     * @throws GlintException ({@code INPUT}, {@code LIMIT}) naming it
     */
    public Image decode(DecodeOptions options) {
        return named(() -> ImageDecoder.decode(bytes, options));
    }

    /**
     * Reads its header, as {@link ImageDecoder#probe}.
     *
     * @throws GlintException ({@code INPUT}, {@code LIMIT}) naming it
     */
    public ImageInfo probe(DecodeOptions options) {
        return named(() -> ImageDecoder.probe(bytes, options));
    }

    private <T> T named(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (GlintException e) {
            throw e.about(name);
        }
    }
}
