package dev.glint.runtime.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The SHA-256 of files, bytes and lines, in hexadecimal. */
public final class Sha256 {
    private static final int PART = 1 << 16;
    private static final int DIGITS = 64;

    private Sha256() {}

    /** That of bytes. */
    public static String ofBytes(byte[] bytes) {
        return of(digest -> digest.update(bytes));
    }

    /** That of the bytes from a buffer's position to its limit; both stay. */
    public static String ofBuffer(ByteBuffer bytes) {
        return of(digest -> digest.update(bytes.duplicate()));
    }

    /** That of a file, which is read part by part. */
    public static String ofFile(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return ofStream(in);
        }
    }

    /** That of what is left of a stream, which is read part by part. */
    public static String ofStream(InputStream in) throws IOException {
        MessageDigest digest = digest();
        byte[] part = new byte[PART];
        for (int count = in.read(part); count >= 0; count = in.read(part)) {
            digest.update(part, 0, count);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** That of lines in UTF-8, each with a line feed behind it. */
    public static String ofLines(Stream<String> lines) {
        return of(
                digest -> lines.forEachOrdered(line -> digest.update((line + "\n").getBytes(StandardCharsets.UTF_8))));
    }

    /** That of what is put into a digest. */
    public static String of(Consumer<MessageDigest> content) {
        MessageDigest digest = digest();
        content.accept(digest);
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Whether a text is one as it is written here: 64 digits, small letters. */
    public static boolean isOne(String text) {
        return text.length() == DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
