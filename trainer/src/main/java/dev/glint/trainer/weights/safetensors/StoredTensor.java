package dev.glint.trainer.weights.safetensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A tensor of a file: its type, its shape and its values.
 *
 * @param type of its values
 * @param shape its sizes; empty for a scalar
 * @param data its values, little endian, from position 0 to the limit
 */
public record StoredTensor(DType type, List<Long> shape, ByteBuffer data) {
    public StoredTensor {
        shape = List.copyOf(shape);
        long bytes = bytes(type, shape);
        data = data.slice().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
        if (bytes != data.limit()) {
            throw new IllegalArgumentException(data.limit() + " bytes for " + type + " " + shape);
        }
    }

    /** Values of 32-bit floats. */
    public static StoredTensor floats(float[] values, List<Long> shape) {
        ByteBuffer data = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        return new StoredTensor(DType.F32, shape, data);
    }

    /** The values of a tensor of 32-bit floats. */
    public float[] floats() {
        if (type != DType.F32) {
            throw new IllegalStateException("a tensor of " + type);
        }
        float[] values = new float[data.limit() / Float.BYTES];
        data.duplicate().order(ByteOrder.LITTLE_ENDIAN).rewind().asFloatBuffer().get(values);
        return values;
    }

    @Override
    public ByteBuffer data() {
        return data.duplicate().order(ByteOrder.LITTLE_ENDIAN).rewind();
    }

    static long bytes(DType type, List<Long> shape) {
        long bytes = type.bytes();
        for (long size : shape) {
            if (size < 0) {
                throw new IllegalArgumentException("shape " + shape);
            }
            bytes = Math.multiplyExact(bytes, size);
        }
        return bytes;
    }
}
