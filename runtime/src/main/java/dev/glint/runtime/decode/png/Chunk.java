package dev.glint.runtime.decode.png;

import dev.glint.runtime.decode.common.Damage;
import java.util.zip.CRC32;

/**
 * One chunk (section 5.3): where it stands, not what it holds.
 *
 * @param offset the byte at which its length field stands
 * @param type four letters
 * @param length bytes of data that are there; less than the length field says only in a file cut off, if lenient
 * @param whole whether data and CRC are all there and the CRC is right
 */
record Chunk(int offset, String type, int length, boolean whole) {
    private static final int OVERHEAD = 12;

    /** The chunk that begins at {@code offset}. */
    static Chunk read(Bytes bytes, int offset, boolean lenient) {
        if (bytes.length() - offset < OVERHEAD - 4) {
            throw Damage.truncated(bytes.length(), "a chunk at byte " + offset + ", the last one being IEND");
        }
        long length = bytes.uint32(offset);
        String type = bytes.ascii(offset + 4, 4);
        if (!isType(type)) {
            throw Damage.found(offset + 4, "no chunk type", "four letters");
        }
        int available = bytes.length() - offset - OVERHEAD;
        if (length > available) {
            if (!lenient) {
                throw Damage.truncated(bytes.length(), length + " bytes of chunk " + type + " from byte " + offset);
            }
            return new Chunk(offset, type, bytes.length() - offset - 8, false);
        }
        Chunk chunk = new Chunk(offset, type, (int) length, true);
        CRC32 crc = new CRC32();
        crc.update(bytes.array(), offset + 4, (int) length + 4);
        if (crc.getValue() == bytes.uint32(chunk.end() - 4)) {
            return chunk;
        }
        if (!lenient) {
            throw Damage.found(offset, "chunk " + type + " with a wrong CRC", "the CRC of its bytes");
        }
        return new Chunk(offset, type, (int) length, false);
    }

    private static boolean isType(String type) {
        return type.chars().allMatch(c -> c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z');
    }

    boolean hasType(String name) {
        return type.equals(name);
    }

    /** A decoder that does not know a critical chunk cannot know the picture. */
    boolean critical() {
        return Character.isUpperCase(type.charAt(0));
    }

    /** The byte at which its data begin. */
    int data() {
        return offset + 8;
    }

    /** The byte behind it, at which the next chunk begins. */
    int end() {
        return offset + OVERHEAD + length;
    }
}
