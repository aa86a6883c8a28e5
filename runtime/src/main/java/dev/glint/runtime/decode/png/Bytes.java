package dev.glint.runtime.decode.png;

import java.nio.charset.StandardCharsets;

/** Big-endian numbers in an encoded file; the caller has checked that they are there. */
record Bytes(byte[] array) {
    int length() {
        return array.length;
    }

    int uint8(int offset) {
        return array[offset] & 0xff;
    }

    int uint16(int offset) {
        return uint8(offset) << 8 | uint8(offset + 1);
    }

    long uint32(int offset) {
        return (long) uint16(offset) << 16 | uint16(offset + 2);
    }

    String ascii(int offset, int length) {
        return new String(array, offset, length, StandardCharsets.ISO_8859_1);
    }
}
