package dev.glint.runtime.decode.png;

import dev.glint.runtime.decode.format.DecodeLimits;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Refuses text and profile chunks that are, or unpack to, more than the limit. Nothing reads them here, but others who
 * get the same file would unpack them; the total is limited too, so that many small bombs cost no time.
 */
final class TextLimit {
    private static final int CHUNKS = 64;

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
        int compressed = compressedText(chunk);
        if (size <= perChunk && compressed >= 0) {
            size = Math.max(size, inflatedSize(compressed, chunk.data() + chunk.length()));
        }
        if (size > perChunk) {
            throw DecodeLimits.exceeded(
                    "a chunk " + chunk.type() + " at byte " + chunk.offset() + " with more bytes of text",
                    "at most " + perChunk);
        }
        left -= size;
        if (left < 0) {
            throw DecodeLimits.exceeded(
                    "text chunks with more bytes altogether", "at most " + (long) CHUNKS * perChunk);
        }
    }

    /** Where the zlib stream of a text or profile chunk begins (section 11.3.3), or -1 if it has none. */
    private int compressedText(Chunk chunk) {
        int end = chunk.data() + chunk.length();
        int keywordEnd = zero(chunk.data(), end);
        switch (chunk.type()) {
            case "zTXt", "iCCP":
                return keywordEnd + 2 < end ? keywordEnd + 2 : -1;
            case "iTXt":
                if (keywordEnd + 2 >= end || bytes.uint8(keywordEnd + 1) == 0) {
                    return -1;
                }
                int languageEnd = zero(keywordEnd + 3, end);
                int translationEnd = zero(languageEnd + 1, end);
                return translationEnd + 1 < end ? translationEnd + 1 : -1;
            default:
                return -1;
        }
    }

    private int zero(int from, int end) {
        int at = from;
        while (at < end && bytes.uint8(at) != 0) {
            at++;
        }
        return at;
    }

    /** Counts up to a little more than the limit; text that does not unpack counts as far as it does. */
    private long inflatedSize(int from, int end) {
        Inflater inflater = new Inflater();
        long size = 0;
        try {
            inflater.setInput(bytes.array(), from, end - from);
            byte[] scratch = new byte[8192];
            int count = 1;
            while (count > 0 && size <= perChunk) {
                count = inflater.inflate(scratch);
                size += count;
            }
        } catch (DataFormatException e) {
            return size;
        } finally {
            inflater.end();
        }
        return size;
    }
}
