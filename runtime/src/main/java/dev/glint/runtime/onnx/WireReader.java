package dev.glint.runtime.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.function.DoubleConsumer;
import java.util.function.LongConsumer;

/**
 * Reads one message of the protobuf wire format (protobuf.dev, "Encoding") field by field, without copying what the message
 * holds. Every length is checked against the bytes that are there.
 */
final class WireReader {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;
    private static final int MAX_VARINT_BYTES = 10;
    private static final int MAX_NAME_BYTES = 1 << 16;
    private static final int SCRATCH_BYTES = 64;

    private final ByteBuffer bytes;
    /** Of all readers of a file, where names are on their way to a text. */
    private final byte[] scratch;

    private final int start;
    private final int end;
    private int position;
    private int field;
    private int type;

    /** A message that fills the buffer from its position to its limit; the buffer itself stays as it is. */
    WireReader(ByteBuffer message) {
        this(
                message.duplicate().order(ByteOrder.LITTLE_ENDIAN),
                new byte[SCRATCH_BYTES],
                message.position(),
                message.limit());
    }

    private WireReader(ByteBuffer bytes, byte[] scratch, int start, int end) {
        this.bytes = bytes;
        this.scratch = scratch;
        this.start = start;
        this.end = end;
        this.position = start;
    }

    /** Bytes of the whole message. */
    int size() {
        return end - start;
    }

    /** The whole message: a view of the file's bytes. */
    ByteBuffer whole() {
        return view(start, end - start);
    }

    private ByteBuffer view(int from, int length) {
        return bytes.slice(from, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private boolean hasRemaining() {
        return position < end;
    }

    /** Goes on to the next field, whose value must then be read or skipped; false at the end of the message. */
    boolean next() {
        if (!hasRemaining()) {
            return false;
        }
        long tag = rawVarint();
        if (tag >>> 32 != 0) {
            throw Refusal.malformed("a field number beyond 29 bits");
        }
        field = (int) tag >>> 3;
        type = (int) tag & 7;
        if (field == 0) {
            throw Refusal.malformed("a field with the number 0");
        }
        return true;
    }

    /** Goes on to the next field of this number, passing over the others; false if there is none. */
    boolean next(int number) {
        while (next()) {
            if (field == number) {
                return true;
            }
            skip();
        }
        return false;
    }

    /** The number of the field at hand. */
    int field() {
        return field;
    }

    /** The value of an integer field. */
    long varint() {
        require(VARINT);
        return rawVarint();
    }

    /** The value of a field that is a number of 32 bits. */
    float real() {
        require(FIXED32);
        return bytes.getFloat(advance(Float.BYTES));
    }

    /** The bytes of a text, a message or packed numbers: a view of the file's. */
    ByteBuffer slice() {
        int length = length();
        return view(advance(length), length);
    }

    /** The value of a field that is a message. */
    WireReader message() {
        int length = length();
        int from = advance(length);
        return new WireReader(bytes, scratch, from, from + length);
    }

    private int length() {
        require(LENGTH_DELIMITED);
        long length = rawVarint();
        if (length < 0 || length > end - position) {
            throw Refusal.malformed(
                    "a field of " + Long.toUnsignedString(length) + " bytes where " + (end - position) + " are left");
        }
        return (int) length;
    }

    /** The value of a field that is a name. */
    String name() {
        return text(MAX_NAME_BYTES);
    }

    /** The value of a field that is text of at most so many bytes. */
    String text(long maxBytes) {
        int length = length();
        if (length > maxBytes) {
            throw Refusal.unacceptable("a name or text of " + length + " bytes", "at most " + maxBytes + " bytes");
        }
        byte[] copy = scratch.length < length ? new byte[length] : scratch;
        bytes.get(advance(length), copy, 0, length);
        boolean ascii = true;
        for (int i = 0; i < length; i++) {
            ascii &= copy[i] >= 0;
        }
        if (ascii) {
            return new String(copy, 0, length, StandardCharsets.ISO_8859_1);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(copy, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Refusal.malformed("text that is not UTF-8");
        }
    }

    /** Passes over the value of the field at hand. */
    void skip() {
        switch (type) {
            case VARINT -> rawVarint();
            case FIXED64 -> advance(Long.BYTES);
            case LENGTH_DELIMITED -> advance(length());
            case FIXED32 -> advance(Integer.BYTES);
            default -> throw Refusal.malformed("a field of wire type " + type);
        }
    }

    /** Moves behind so many bytes; returns where they begin. */
    private int advance(int count) {
        if (count > end - position) {
            throw Refusal.malformed("a number that is cut off");
        }
        int from = position;
        position += count;
        return from;
    }

    /** An integer of packed ones, or of a field; up to 64 bits, the lowest seven first. */
    private long rawVarint() {
        long value = 0;
        for (int i = 0; i < MAX_VARINT_BYTES; i++) {
            byte next = bytes.get(advance(1));
            value |= (long) (next & 0x7f) << 7 * i;
            if (next >= 0) {
                return value;
            }
        }
        throw Refusal.malformed("a number of more than " + MAX_VARINT_BYTES + " bytes");
    }

    /** The integers of a repeated field, which writers pack or do not. */
    void integers(LongConsumer each) {
        if (type != LENGTH_DELIMITED) {
            each.accept(varint());
            return;
        }
        WireReader packed = message();
        while (packed.hasRemaining()) {
            each.accept(packed.rawVarint());
        }
    }

    /** The numbers of 32 bits of a repeated field, which writers pack or do not. */
    void reals(RealConsumer each) {
        if (type != LENGTH_DELIMITED) {
            each.accept(real());
            return;
        }
        WireReader packed = message();
        if ((packed.end - packed.position) % Float.BYTES != 0) {
            throw Refusal.malformed("packed numbers that are cut off");
        }
        while (packed.hasRemaining()) {
            each.accept(bytes.getFloat(packed.advance(Float.BYTES)));
        }
    }

    /** Takes numbers of 64 bits, packed or one. */
    void doubles(DoubleConsumer each) {
        if (type != LENGTH_DELIMITED) {
            require(FIXED64);
            each.accept(bytes.getDouble(advance(Double.BYTES)));
            return;
        }
        WireReader packed = message();
        while (packed.hasRemaining()) {
            each.accept(bytes.getDouble(packed.advance(Double.BYTES)));
        }
    }

    /** What takes numbers. */
    interface RealConsumer {
        void accept(float value);
    }

    private void require(int expected) {
        if (type != expected) {
            throw Refusal.malformed("wire type " + type + " in field " + field + ", which has type " + expected);
        }
    }
}
