package dev.glint.runtime.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
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

    private final ByteBuffer bytes;
    private int field;
    private int type;

    /** A message that fills the buffer from its position to its limit; the buffer itself stays as it is. */
    WireReader(ByteBuffer message) {
        this.bytes = message.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Goes on to the next field, whose value must then be read or skipped; false at the end of the message. */
    boolean next() {
        if (!bytes.hasRemaining()) {
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
        if (bytes.remaining() < Float.BYTES) {
            throw Refusal.malformed("a number that is cut off");
        }
        return bytes.getFloat();
    }

    /** The bytes of a text, a message or packed numbers: a view of the file's. */
    ByteBuffer slice() {
        require(LENGTH_DELIMITED);
        long length = rawVarint();
        if (length < 0 || length > bytes.remaining()) {
            throw Refusal.malformed(
                    "a field of " + Long.toUnsignedString(length) + " bytes where " + bytes.remaining() + " are left");
        }
        ByteBuffer slice = bytes.slice(bytes.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(bytes.position() + (int) length);
        return slice;
    }

    /** The value of a field that is a message. */
    WireReader message() {
        return new WireReader(slice());
    }

    /** The value of a field that is a name. */
    String name() {
        return text(MAX_NAME_BYTES);
    }

    /** The value of a field that is text of at most so many bytes. */
    String text(long maxBytes) {
        ByteBuffer slice = slice();
        if (slice.remaining() > maxBytes) {
            throw Refusal.unacceptable(
                    "a name or text of " + slice.remaining() + " bytes", "at most " + maxBytes + " bytes");
        }
        byte[] copy = new byte[slice.remaining()];
        slice.get(0, copy);
        boolean ascii = true;
        for (byte value : copy) {
            ascii &= value >= 0;
        }
        if (ascii) {
            return new String(copy, StandardCharsets.ISO_8859_1);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(slice)
                    .toString();
        } catch (CharacterCodingException e) {
            throw Refusal.malformed("text that is not UTF-8");
        }
    }

    /** Passes over the value of the field at hand. */
    void skip() {
        switch (type) {
            case VARINT -> rawVarint();
            case FIXED64 -> move(Long.BYTES);
            case LENGTH_DELIMITED -> slice();
            case FIXED32 -> move(Integer.BYTES);
            default -> throw Refusal.malformed("a field of wire type " + type);
        }
    }

    private void move(int count) {
        if (count > bytes.remaining()) {
            throw Refusal.malformed("a number that is cut off");
        }
        bytes.position(bytes.position() + count);
    }

    /** An integer of packed ones, or of a field; up to 64 bits, the lowest seven first. */
    private long rawVarint() {
        long value = 0;
        for (int i = 0; i < MAX_VARINT_BYTES; i++) {
            if (!bytes.hasRemaining()) {
                throw Refusal.malformed("a number that is cut off");
            }
            byte next = bytes.get();
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
        while (packed.bytes.hasRemaining()) {
            each.accept(packed.rawVarint());
        }
    }

    /** The numbers of 32 bits of a repeated field, which writers pack or do not. */
    void reals(RealConsumer each) {
        if (type != LENGTH_DELIMITED) {
            each.accept(real());
            return;
        }
        ByteBuffer packed = slice();
        if (packed.remaining() % Float.BYTES != 0) {
            throw Refusal.malformed("packed numbers that are cut off");
        }
        while (packed.hasRemaining()) {
            each.accept(packed.getFloat());
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
