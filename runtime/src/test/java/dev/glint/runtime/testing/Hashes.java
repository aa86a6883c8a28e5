package dev.glint.runtime.testing;

import dev.glint.runtime.image.Image;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Short hashes, by which pixels are compared with recorded ones. */
public final class Hashes {
    private Hashes() {}

    /** The first 16 hexadecimal digits of the SHA-256. */
    public static String of(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The hash of a picture's 8-bit RGB bytes, alpha forgotten, as stored. */
    public static String rgb(Image image) {
        return of(image.toRgb().samples());
    }
}
