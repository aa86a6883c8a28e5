package dev.glint.trainer.weights;

import dev.glint.trainer.weights.safetensors.DType;
import dev.glint.trainer.weights.safetensors.StoredTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Floating-point numbers of any width as 32-bit floats. */
final class Floats {
    private Floats() {}

    static boolean convertible(DType type) {
        return type == DType.F32 || type == DType.F64 || type == DType.F16 || type == DType.BF16;
    }

    /** A tensor's values as 32-bit floats, little endian; 64-bit ones are rounded to nearest even. */
    static ByteBuffer bytes(StoredTensor tensor) {
        ByteBuffer data = tensor.data();
        if (tensor.type() == DType.F32) {
            return data;
        }
        int count = data.remaining() / tensor.type().bytes();
        ByteBuffer floats =
                ByteBuffer.allocate(Math.multiplyExact(count, Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        while (data.hasRemaining()) {
            floats.putFloat(next(tensor.type(), data));
        }
        return floats.flip();
    }

    private static float next(DType type, ByteBuffer data) {
        switch (type) {
            case F64:
                return (float) data.getDouble();
            case BF16:
                return Float.intBitsToFloat(data.getShort() << 16);
            case F16:
                return half(data.getShort());
            default:
                throw new IllegalArgumentException(type.toString());
        }
    }

    /** IEEE 754 binary16; {@code Float.float16ToFloat} came with Java 20. */
    static float half(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        float magnitude;
        if (exponent == 0) {
            magnitude = fraction * 0x1p-24f;
        } else if (exponent == 0x1f) {
            magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
        } else {
            magnitude = Math.scalb(1 + fraction * 0x1p-10f, exponent - 15);
        }
        return bits < 0 ? -magnitude : magnitude;
    }
}
