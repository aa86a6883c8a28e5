package dev.glint.runtime.model;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Steps through the fields of a protobuf message in a file; what is stepped over is not read. */
final class WireReader {
    private static final int WINDOW = 8192;
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    /** The bytes are no protobuf message. */
    static final class MalformedException extends IOException {
        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message);
        }
    }

    private final FileChannel channel;
    private final long size;
    private final ByteBuffer window = ByteBuffer.allocate(WINDOW).limit(0);
    private long windowStart;
    private int field;
    private int wireType;
    private long length;

    WireReader(FileChannel channel) throws IOException {
        this.channel = channel;
        this.size = channel.size();
    }

    /** Bytes of the file. */
    long size() {
        return size;
    }

    /** Where the next byte lies that will be read. */
    long position() {
        return windowStart + window.position();
    }

    /**
     * Whether a message has no more fields.
     *
     * @param end where it ends
     * @throws MalformedException if its last field reaches beyond that
     */
    boolean atEnd(long end) throws MalformedException {
        if (position() > end) {
            throw new MalformedException("a field across the end of its message at byte " + end);
        }
        return position() == end;
    }

    /** Reads the head of the next field. It must then be skipped. */
    void nextField() throws IOException {
        long at = position();
        long tag = varint();
        field = (int) (tag >>> 3);
        wireType = (int) (tag & 7);
        length = switch (wireType) {
            case VARINT -> 0;
            case FIXED64 -> Long.BYTES;
            case FIXED32 -> Integer.BYTES;
            case BYTES -> varint();
            default -> throw new MalformedException("wire type " + wireType + " at byte " + at);
        };
        if (field < 1 || tag >>> 32 != 0) {
            throw new MalformedException("field number " + (tag >>> 3) + " at byte " + at);
        }
        if (length < 0 || length > size - position()) {
            throw new EOFException("it ends within the field at byte " + at);
        }
    }

    /** The number of the field. */
    int field() {
        return field;
    }

    /** Whether the field has a length and bytes. */
    boolean isBytes() {
        return wireType == BYTES;
    }

    /** How many bytes the field has. */
    long length() {
        return length;
    }

    /** Steps over the field. */
    void skip() throws IOException {
        if (wireType == VARINT) {
            varint();
        } else {
            seek(position() + length);
        }
    }

    /** Reads bytes from anywhere; the position stays. */
    ByteBuffer bytes(long from, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, from + bytes.position()) < 0) {
                throw new EOFException("it became shorter while it was read");
            }
        }
        return bytes.flip();
    }

    private long varint() throws IOException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = next();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new MalformedException("a number of more than 64 bits at byte " + position());
    }

    private byte next() throws IOException {
        if (!window.hasRemaining()) {
            windowStart = position();
            window.clear();
            int read = channel.read(window, windowStart);
            window.flip();
            if (read < 0) {
                throw new EOFException("it ends within a field");
            }
        }
        return window.get();
    }

    private void seek(long position) {
        if (position <= windowStart + window.limit()) {
            window.position((int) (position - windowStart));
        } else {
            windowStart = position;
            window.limit(0);
        }
    }
}
