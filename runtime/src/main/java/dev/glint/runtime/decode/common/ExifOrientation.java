package dev.glint.runtime.decode.common;

import java.util.OptionalInt;

/** The orientation tag of a TIFF block, as EXIF puts it into JPEG and PNG files (EXIF 2.32, tag 0x0112). */
public final class ExifOrientation {
    /** What a picture without the tag has. */
    public static final int UPRIGHT = 1;

    private static final int TAG = 0x0112;
    private static final int ENTRY_BYTES = 12;

    private ExifOrientation() {}

    /**
     * Finds the tag in a TIFF block; in one that is damaged there is none, because it is no part of the picture.
     *
     * @param block the bytes that hold it
     * @param offset where its byte order mark stands
     * @param length its bytes
     * @return 1 to 8; a tag that holds anything else counts as upright
     */
    public static OptionalInt find(byte[] block, int offset, int length) {
        if (offset < 0 || length < 8 || offset > block.length - length) {
            return OptionalInt.empty();
        }
        Tiff tiff = new Tiff(block, offset, length, block[offset] == 'I');
        if (tiff.u16(0) != (tiff.littleEndian ? 0x4949 : 0x4d4d) || tiff.u16(2) != 42) {
            return OptionalInt.empty();
        }
        return find(tiff, tiff.u32(4));
    }

    private static OptionalInt find(Tiff tiff, long directory) {
        if (directory > tiff.length - 2) {
            return OptionalInt.empty();
        }
        int entries = tiff.u16((int) directory);
        for (long at = directory + 2; entries > 0 && at <= tiff.length - ENTRY_BYTES; at += ENTRY_BYTES, entries--) {
            int entry = (int) at;
            if (tiff.u16(entry) == TAG) {
                long value = tiff.u32(entry + 4) == 1 ? value(tiff, tiff.u16(entry + 2), entry + 8) : UPRIGHT;
                return OptionalInt.of(value >= 1 && value <= 8 ? (int) value : UPRIGHT);
            }
        }
        return OptionalInt.empty();
    }

    /** The specification wants SHORT; some writers use the other unsigned integers. */
    private static long value(Tiff tiff, int type, int at) {
        return switch (type) {
            case 1 -> tiff.u8(at);
            case 3 -> tiff.u16(at);
            case 4 -> tiff.u32(at);
            default -> UPRIGHT;
        };
    }

    /** Numbers of a block, which the caller has found to lie inside it. */
    private record Tiff(byte[] block, int offset, int length, boolean littleEndian) {
        int u8(int at) {
            return block[offset + at] & 0xff;
        }

        int u16(int at) {
            return littleEndian ? u8(at) | u8(at + 1) << 8 : u8(at) << 8 | u8(at + 1);
        }

        long u32(int at) {
            return littleEndian ? u16(at) | (long) u16(at + 2) << 16 : (long) u16(at) << 16 | u16(at + 2);
        }
    }
}
