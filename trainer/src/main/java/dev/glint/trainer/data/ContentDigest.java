package dev.glint.trainer.data;

import dev.glint.runtime.image.Image;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of what a picture is made of, in hexadecimal digits: the same for copies, whatever they are called. */
final class ContentDigest {
    private static final int CHUNK = 1 << 16;

    private ContentDigest() {}

    /** That of pixels. */
    static String digest(Image image) {
        MessageDigest sha256 = sha256();
        sha256.update(ByteBuffer.allocate(2 * Integer.BYTES)
                .putInt(image.width())
                .putInt(image.height())
                .array());
        return hex(sha256.digest(image.samples()));
    }

    /** That of a file's bytes; that of its path, if it cannot be read. */
    static String digest(Path file) {
        MessageDigest sha256 = sha256();
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = Files.newInputStream(file)) {
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                sha256.update(chunk, 0, length);
            }
            return hex(sha256.digest());
        } catch (IOException e) {
            // Whoever decodes it says what is wrong with it.
            return "unreadable " + file;
        }
    }

    private static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
