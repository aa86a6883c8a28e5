package dev.glint.runtime.contract;

import java.nio.Buffer;
import java.nio.ByteBuffer;

/** The element type of a model's input. */
public enum ElementType {
    /** 32-bit floats, scaled and normalized. */
    FLOAT32(Float.BYTES) {
        @Override
        public Buffer view(ByteBuffer bytes) {
            return bytes.asFloatBuffer();
        }
    },
    /** The 8-bit samples as they are, 0 to 255; what becomes of them is the model's business. */
    UINT8(Byte.BYTES) {
        @Override
        public Buffer view(ByteBuffer bytes) {
            return bytes.slice();
        }
    };

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /** A buffer of such elements over bytes, from their position to their limit and in their order: a {@code FloatBuffer} or {@code ByteBuffer}. */
    public abstract Buffer view(ByteBuffer bytes);

    /** Bytes of an element. */
    public int bytes() {
        return bytes;
    }
}
