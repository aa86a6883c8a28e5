package dev.glint.runtime.decode.pnm;

import dev.glint.runtime.decode.common.Damage;
import java.nio.charset.StandardCharsets;

/** Reads the words of a header or of plain samples: white space between them, comments from {@code #} to the end of the line. */
final class Reader {
    private static final int MAX_DIGITS = 10;

    private final byte[] bytes;
    private int at;

    Reader(byte[] bytes, int at) {
        this.bytes = bytes;
        this.at = at;
    }

    /** The byte that is read next. */
    int position() {
        return at;
    }

    private static boolean isSpace(int value) {
        return value == ' ' || value >= '\t' && value <= '\r';
    }

    /** Moves to the next word; false at the end of the file. */
    boolean skipSpace() {
        while (at < bytes.length) {
            if (bytes[at] == '#') {
                while (at < bytes.length && bytes[at] != '\n' && bytes[at] != '\r') {
                    at++;
                }
            } else if (isSpace(bytes[at])) {
                at++;
            } else {
                return true;
            }
        }
        return false;
    }

    /** One word and the white space character behind it. */
    String word(String what) {
        if (!skipSpace()) {
            throw Damage.truncated(bytes.length, what);
        }
        int start = at;
        while (at < bytes.length && !isSpace(bytes[at]) && bytes[at] != '#') {
            at++;
        }
        String word = new String(bytes, start, Math.min(at - start, 40), StandardCharsets.ISO_8859_1);
        if (at < bytes.length && isSpace(bytes[at])) {
            at++;
        }
        return word;
    }

    /** The rest of the line and its end. */
    String line() {
        int start = at;
        while (at < bytes.length && bytes[at] != '\n') {
            at++;
        }
        String line = new String(bytes, start, Math.min(at - start, 200), StandardCharsets.ISO_8859_1);
        at = Math.min(bytes.length, at + 1);
        return line.strip();
    }

    /** A decimal number of at most 10 digits and the white space character behind it. */
    long number(String what) {
        if (!skipSpace()) {
            throw Damage.truncated(bytes.length, what);
        }
        int start = at;
        long value = 0;
        while (at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9' && at - start < MAX_DIGITS) {
            value = 10 * value + bytes[at++] - '0';
        }
        if (at == start || at < bytes.length && !isSpace(bytes[at]) && bytes[at] != '#') {
            throw Damage.found(start, "no number", what);
        }
        if (at < bytes.length && isSpace(bytes[at])) {
            at++;
        }
        return value;
    }

    /** A 0 or 1 of plain PBM, where white space need not stand between them. */
    int bit() {
        if (!skipSpace()) {
            throw Damage.truncated(bytes.length, "a pixel");
        }
        int digit = bytes[at++];
        if (digit != '0' && digit != '1') {
            throw Damage.found(at - 1, "no pixel", "0 or 1");
        }
        return digit - '0';
    }
}
