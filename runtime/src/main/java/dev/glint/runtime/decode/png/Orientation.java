package dev.glint.runtime.decode.png;

import dev.glint.runtime.decode.common.ExifOrientation;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Finds the orientation where writers put it, in the order of Pillow's {@code getexif()}: the tag in the chunk {@code eXIf},
 * or without one in the text {@code Raw profile type exif} of hexadecimal digits, as ImageMagick and ExifTool wrote it before
 * there was {@code eXIf}; if that EXIF has no such tag, {@code tiff:Orientation} in the text {@code XML:com.adobe.xmp} (XMP
 * specification part 3). Of several of a kind the last one counts, wherever in the file it stands. Nothing is read before
 * all chunks were seen, so that many of them cost no more than one.
 */
final class Orientation {
    private static final String RAW_PROFILE = "Raw profile type exif";
    private static final String XMP = "XML:com.adobe.xmp";
    private static final byte[] EXIF_PREFIX = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);

    /** An empty line, the name and the number of bytes. */
    private static final int RAW_PROFILE_HEAD_LINES = 3;

    private final Bytes bytes;
    private @Nullable Chunk exif;
    private @Nullable TextChunk rawProfile;
    private @Nullable TextChunk xmp;

    Orientation(Bytes bytes) {
        this.bytes = bytes;
    }

    /** Takes note of a chunk {@code eXIf}. */
    void takeExif(Chunk chunk) {
        exif = chunk;
    }

    /** Takes note of a text chunk, the size of which was checked. */
    void takeText(Chunk chunk) {
        TextChunk text = TextChunk.read(bytes, chunk);
        if (text.keyword().equals(RAW_PROFILE)) {
            rawProfile = text;
        } else if (text.keyword().equals(XMP)) {
            xmp = text;
        }
    }

    /** 1 (upright, or it is nowhere) to 8. */
    int find() {
        OptionalInt found = OptionalInt.empty();
        if (exif != null) {
            found = ofExif(bytes.array(), exif.data(), exif.data() + exif.length());
        } else if (rawProfile != null) {
            byte[] block = rawProfile(rawProfile.text(bytes));
            found = ofExif(block, 0, block.length);
        }
        if (found.isEmpty() && xmp != null) {
            found = ofXmp(new String(xmp.text(bytes), StandardCharsets.ISO_8859_1));
        }
        return found.orElse(ExifOrientation.UPRIGHT);
    }

    /** Some writers leave the signature that JPEG has in front of the TIFF block. */
    private static OptionalInt ofExif(byte[] block, int from, int end) {
        int start = from;
        while (end - start >= EXIF_PREFIX.length
                && Arrays.equals(block, start, start + EXIF_PREFIX.length, EXIF_PREFIX, 0, EXIF_PREFIX.length)) {
            start += EXIF_PREFIX.length;
        }
        return ExifOrientation.find(block, start, end - start);
    }

    /** The bytes behind the three lines of a raw profile's head; empty if they are no hexadecimal digits. */
    private static byte[] rawProfile(byte[] text) {
        int at = 0;
        for (int line = 0; line < RAW_PROFILE_HEAD_LINES; line++) {
            while (at < text.length && text[at] != '\n') {
                at++;
            }
            at++;
        }
        byte[] block = new byte[Math.max(0, text.length - at) / 2 + 1];
        int digits = 0;
        for (; at < text.length; at++) {
            int digit = Character.digit(text[at], 16);
            if (digit < 0 && !Character.isWhitespace(text[at])) {
                return new byte[0];
            }
            if (digit >= 0) {
                block[digits / 2] |= (byte) (digits % 2 == 0 ? digit << 4 : digit);
                digits++;
            }
        }
        return Arrays.copyOf(block, digits / 2);
    }

    /** As an attribute or an element; a digit outside 1 to 8 counts as upright. */
    private static OptionalInt ofXmp(String text) {
        String name = "tiff:Orientation";
        for (int at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
            int value = at + name.length();
            int mark = text.startsWith("=\"", value) ? 2 : text.startsWith(">", value) ? 1 : 0;
            char digit = mark > 0 && value + mark < text.length() ? text.charAt(value + mark) : ' ';
            if (digit >= '0' && digit <= '9') {
                return OptionalInt.of(digit >= '1' && digit <= '8' ? digit - '0' : ExifOrientation.UPRIGHT);
            }
        }
        return OptionalInt.empty();
    }
}
