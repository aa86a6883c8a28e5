package dev.glint.runtime.decode.png;

import dev.glint.runtime.decode.common.Damage;
import dev.glint.runtime.decode.format.DecodeLimits;

/** The IHDR chunk (section 11.2.1). */
record Header(int width, int height, int bitDepth, ColorType colorType, boolean interlaced) {
    static final int LENGTH = 13;

    /** Reads the chunk's 13 bytes; a size beyond the limits is refused here, before anything is allocated for it. */
    static Header read(Bytes bytes, int offset, DecodeLimits limits) {
        long width = bytes.uint32(offset);
        long height = bytes.uint32(offset + 4);
        if (width < 1 || height < 1 || width > Integer.MAX_VALUE || height > Integer.MAX_VALUE) {
            throw Damage.found(offset, "a size of " + width + "x" + height, "sides of 1 to 2147483647");
        }
        limits.requireSize(width, height);
        int bitDepth = bytes.uint8(offset + 8);
        ColorType colorType = ColorType.find(bytes.uint8(offset + 9), bitDepth, offset + 8);
        requireMethod("compression", bytes, offset + 10, 0);
        requireMethod("filter", bytes, offset + 11, 0);
        requireMethod("interlace", bytes, offset + 12, 1);
        return new Header((int) width, (int) height, bitDepth, colorType, bytes.uint8(offset + 12) == 1);
    }

    private static void requireMethod(String what, Bytes bytes, int offset, int last) {
        int method = bytes.uint8(offset);
        if (method > last) {
            throw Damage.found(offset, what + " method " + method, "one that PNG knows");
        }
    }

    /** Bytes of a row of so many pixels, without the filter byte. */
    int rowBytes(int pixels) {
        return (int) (((long) pixels * colorType.channels() * bitDepth + 7) / 8);
    }

    /** The distance of the byte "to the left" that the filters refer to. */
    int filterStep() {
        return Math.max(1, colorType.channels() * bitDepth / 8);
    }

    /** The name Pillow 9.4 gives such pixels; it has no 16-bit gray with alpha. */
    String modeName() {
        return switch (colorType) {
            case GRAY -> bitDepth == 1 ? "1" : bitDepth == 16 ? "I" : "L";
            case RGB -> "RGB";
            case PALETTE -> "P";
            case GRAY_ALPHA -> bitDepth == 16 ? "RGBA" : "LA";
            case RGB_ALPHA -> "RGBA";
        };
    }
}
