package dev.glint.runtime.decode.png;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Where the text of a text or profile chunk lies (section 11.3.3); one that is damaged has an empty text.
 *
 * @param keyword its name
 * @param from the byte at which the text, or the zlib stream of a compressed one, begins
 * @param end the byte behind it
 */
record TextChunk(String keyword, boolean compressed, int from, int end) {
    private static final int MAX_KEYWORD = 79;
    private static final int SCRATCH = 8192;

    static TextChunk read(Bytes bytes, Chunk chunk) {
        int end = chunk.data() + chunk.length();
        int keywordEnd = zero(bytes, chunk.data(), end);
        String keyword = bytes.ascii(chunk.data(), Math.min(MAX_KEYWORD, keywordEnd - chunk.data()));
        return switch (chunk.type()) {
            case "zTXt", "iCCP" -> new TextChunk(keyword, true, Math.min(end, keywordEnd + 2), end);
            case "iTXt" -> {
                boolean compressed = keywordEnd + 1 < end && bytes.uint8(keywordEnd + 1) != 0;
                int languageEnd = zero(bytes, keywordEnd + 3, end);
                int translationEnd = zero(bytes, languageEnd + 1, end);
                yield new TextChunk(keyword, compressed, Math.min(end, translationEnd + 1), end);
            }
            default -> new TextChunk(keyword, false, Math.min(end, keywordEnd + 1), end);
        };
    }

    private static int zero(Bytes bytes, int from, int end) {
        int at = Math.min(from, end);
        while (at < end && bytes.uint8(at) != 0) {
            at++;
        }
        return at;
    }

    /** Bytes of the text, counted up to a little more than {@code most}; what does not unpack counts as far as it does. */
    int size(Bytes bytes, int most) {
        if (!compressed) {
            return end - from;
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        unpack(bytes, most, text);
        return text.size();
    }

    /** The text, whose size was checked before; empty if it does not unpack. */
    byte[] text(Bytes bytes) {
        if (!compressed) {
            return Arrays.copyOfRange(bytes.array(), from, end);
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        return unpack(bytes, Integer.MAX_VALUE, text) ? text.toByteArray() : new byte[0];
    }

    /** Returns whether it unpacks. */
    private boolean unpack(Bytes bytes, int most, ByteArrayOutputStream text) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(bytes.array(), from, end - from);
            byte[] scratch = new byte[SCRATCH];
            int count = 1;
            while (count > 0 && text.size() <= most) {
                count = inflater.inflate(scratch);
                text.write(scratch, 0, count);
            }
            return true;
        } catch (DataFormatException e) {
            return false;
        } finally {
            inflater.end();
        }
    }
}
