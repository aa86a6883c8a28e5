package dev.glint.runtime.decode.png;

import dev.glint.runtime.decode.format.DecodeLimits;

/**
 * Refuses text and profile chunks that are, or unpack to, more than the limit. Few of them are read here, but others who
 * get the same file would unpack them; the total is limited too, so that many small bombs cost no time.
 */
final class TextLimit {
    private static final int CHUNKS = 64;

    /** A chunk counts as this part of the limit at least: one takes time even if it is empty. */
    private static final int LEAST = 256;

    private final Bytes bytes;
    private final int perChunk;
    private long left;

    TextLimit(Bytes bytes, int perChunk) {
        this.bytes = bytes;
        this.perChunk = perChunk;
        this.left = (long) CHUNKS * perChunk;
    }

    void check(Chunk chunk) {
        long size = chunk.length();
        if (size <= perChunk) {
            size = Math.max(size, TextChunk.read(bytes, chunk).size(bytes, perChunk));
        }
        if (size > perChunk) {
            throw DecodeLimits.exceeded(
                    "a chunk " + chunk.type() + " at byte " + chunk.offset() + " with more bytes of text",
                    "at most " + perChunk);
        }
        left -= Math.max(size, perChunk / LEAST);
        if (left < 0) {
            throw DecodeLimits.exceeded(
                    "text chunks with more bytes altogether", "at most " + (long) CHUNKS * perChunk);
        }
    }
}
