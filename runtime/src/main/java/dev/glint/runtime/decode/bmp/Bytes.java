package dev.glint.runtime.decode.bmp;

import dev.glint.runtime.decode.common.Damage;

/** Little-endian numbers in an encoded file. */
record Bytes(byte[] array) {
    int length() {
        return array.length;
    }

    int uint8(int offset) {
        return array[offset] & 0xff;
    }

    int uint16(int offset) {
        return uint8(offset) | uint8(offset + 1) << 8;
    }

    int int32(int offset) {
        return uint16(offset) | uint16(offset + 2) << 16;
    }

    long uint32(int offset) {
        return int32(offset) & 0xffffffffL;
    }

    void require(int end, String what) {
        if (end > array.length) {
            throw Damage.truncated(array.length, what);
        }
    }
}
