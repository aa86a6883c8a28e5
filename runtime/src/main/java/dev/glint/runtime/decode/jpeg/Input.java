package dev.glint.runtime.decode.jpeg;

import dev.glint.runtime.decode.common.Damage;
import dev.glint.runtime.failure.GlintException;

/**
 * The encoded bytes, a position, and the marker that was read but not yet dealt with. Strict, the end of the file is
 * damage; lenient, the file goes on with end-of-image markers for ever, as libjpeg's file source lets it.
 */
final class Input {
    final byte[] data;
    final boolean lenient;

    /** Where the next byte is read. */
    int position;

    /** A marker that stands before {@link #position}, or {@link Marker#NONE}. */
    int marker;

    /** Whether more was asked for than the file has. */
    boolean truncated;

    Input(byte[] data, boolean lenient) {
        this.data = data;
        this.lenient = lenient;
    }

    /** The next byte, 0 to 255. */
    int u8() {
        if (position < data.length) {
            return data[position++] & 0xff;
        }
        if (!lenient) {
            throw truncated();
        }
        boolean even = (position - data.length & 1) == 0;
        position = even ? data.length + 1 : data.length;
        return even ? 0xff : Marker.EOI;
    }

    /** The next two bytes, the higher first. */
    int u16() {
        int high = u8();
        return high << 8 | u8();
    }

    /** Steps over bytes, as far as there are any. */
    void skip(int bytes) {
        if (bytes > data.length - position && !lenient) {
            throw truncated();
        }
        position = Math.min(position + Math.max(bytes, 0), Math.max(position, data.length));
    }

    /**
     * Reads up to the next marker and past it, over fill bytes and over whatever else stands in between, as libjpeg
     * does: neither of them is part of the picture.
     */
    void nextMarker() {
        int code;
        do {
            while (u8() != 0xff) {
                // No marker yet.
            }
            do {
                code = u8();
            } while (code == 0xff);
        } while (code == 0);
        marker = code;
    }

    /** Damage that libjpeg warns of and decodes through: refused, unless lenient. */
    void damaged(String found, String expected) {
        if (!lenient) {
            throw broken(found, expected);
        }
    }

    /** Damage behind which nothing can be decoded. */
    GlintException broken(String found, String expected) {
        return Damage.found(Math.min(position, data.length), found, expected);
    }

    private GlintException truncated() {
        truncated = true;
        return Damage.truncated(data.length, "more of the JPEG");
    }
}
