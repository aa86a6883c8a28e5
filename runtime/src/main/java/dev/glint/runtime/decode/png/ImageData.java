package dev.glint.runtime.decode.png;

import dev.glint.runtime.decode.common.Damage;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The bytes that the consecutive IDAT chunks unpack to. Close it to free the inflater. */
final class ImageData implements AutoCloseable {
    private final Bytes bytes;
    private final boolean lenient;
    private final Inflater inflater = new Inflater();
    private Chunk chunk;
    private boolean exhausted;

    ImageData(Bytes bytes, int firstImageData, boolean lenient) {
        this.bytes = bytes;
        this.lenient = lenient;
        this.chunk = Chunk.read(bytes, firstImageData, lenient);
        inflater.setInput(bytes.array(), chunk.data(), chunk.length());
    }

    /**
     * Fills {@code target} from its beginning. What is behind the last byte asked for is never unpacked, so nothing is
     * said of it.
     *
     * @return whether all bytes were there; false only if lenient
     */
    boolean fill(byte[] target, int length) {
        int filled = 0;
        while (filled < length && !exhausted) {
            long before = inflater.getBytesWritten();
            try {
                int count = inflater.inflate(target, filled, length - filled);
                filled += count;
                if (count == 0) {
                    nextChunk();
                }
            } catch (DataFormatException e) {
                filled += (int) (inflater.getBytesWritten() - before);
                exhausted = true;
                if (filled < length && !lenient) {
                    throw Damage.found(place(), "image data that do not unpack", "a zlib stream in the chunks IDAT");
                }
            }
        }
        return filled == length;
    }

    private void nextChunk() {
        if (inflater.finished() || inflater.needsDictionary()) {
            exhausted = true;
        } else {
            exhausted = chunk.end() > bytes.length() - 8 || !isImageData(chunk.end());
        }
        if (!exhausted) {
            chunk = Chunk.read(bytes, chunk.end(), lenient);
            inflater.setInput(bytes.array(), chunk.data(), chunk.length());
        } else if (!lenient) {
            throw Damage.found(place(), "image data that end too early", "data for all rows in the chunks IDAT");
        }
    }

    private boolean isImageData(int offset) {
        return bytes.ascii(offset + 4, 4).equals("IDAT");
    }

    /** The byte of the file up to which was read. */
    int place() {
        return chunk.data() + chunk.length() - inflater.getRemaining();
    }

    @Override
    public void close() {
        inflater.end();
    }
}
