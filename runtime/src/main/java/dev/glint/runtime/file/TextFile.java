package dev.glint.runtime.file;

import dev.glint.runtime.failure.FileFailure;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Text files that are small, whoever wrote them. */
public final class TextFile {
    /** More than any of ours has. */
    public static final int MAX_BYTES = 16 << 20;

    private TextFile() {}

    /**
     * Reads UTF-8 text.
     *
     * @param reason that blames the file
     * @param expected what it should be
     * @throws GlintException ({@code reason}) naming the file if it cannot be read or is no text, ({@code LIMIT}) if it is larger
     *     than {@link #MAX_BYTES}
     */
    public static String read(Path file, Reason reason, String expected) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw GlintException.failure(
                                Reason.LIMIT, "more than 16 MiB of text", expected, "check the path of the file")
                        .about(file);
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw GlintException.failure(reason, "no UTF-8 text", expected, "check the path of the file")
                    .causedBy(e)
                    .about(file);
        } catch (IOException e) {
            throw FileFailure.unreadable(reason, file, expected, e);
        }
    }
}
