package dev.glint.onnx.shape;

import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Elements of one type as another, as Cast has it. */
public final class Conversion {
    private static final int SIGN = 0x8000;
    private static final int MANTISSA_BITS = 10;
    private static final int MANTISSA = (1 << MANTISSA_BITS) - 1;
    private static final int EXPONENT = 0x1f;

    private Conversion() {}

    /**
     * The elements of a tensor as another type.
     *
     * @throws IllegalArgumentException if that is {@link ElementType#FLOAT16}, which nothing here needs
     */
    public static Tensor convert(Tensor tensor, ElementType type) {
        if (tensor.type() == type) {
            return tensor;
        }
        ByteBuffer from = ByteBuffer.wrap(tensor.data()).order(ByteOrder.LITTLE_ENDIAN);
        int size = tensor.size();
        ByteBuffer to =
                ByteBuffer.allocate(Math.multiplyExact(size, type.bytes())).order(ByteOrder.LITTLE_ENDIAN);
        boolean wide = tensor.type() == ElementType.INT64;
        for (int i = 0; i < size; i++) {
            long whole = wide ? from.getLong(i * Long.BYTES) : 0;
            double real = wide ? whole : real(from, i, tensor.type());
            put(to, type, real, wide ? whole : (long) real);
        }
        return new Tensor(type, tensor.shape(), to.array());
    }

    private static double real(ByteBuffer from, int index, ElementType type) {
        return switch (type) {
            case FLOAT -> from.getFloat(index * Float.BYTES);
            case DOUBLE -> from.getDouble(index * Double.BYTES);
            case FLOAT16 -> halfToFloat(from.getShort(index * Short.BYTES));
            case INT32 -> from.getInt(index * Integer.BYTES);
            case INT64 -> from.getLong(index * Long.BYTES);
            case INT8 -> from.get(index);
            case UINT8, BOOL -> Byte.toUnsignedInt(from.get(index));
        };
    }

    private static void put(ByteBuffer to, ElementType type, double real, long whole) {
        switch (type) {
            case FLOAT -> to.putFloat((float) real);
            case DOUBLE -> to.putDouble(real);
            case INT32 -> to.putInt((int) whole);
            case INT64 -> to.putLong(whole);
            case INT8, UINT8 -> to.put((byte) whole);
            case BOOL -> to.put((byte) (real != 0 ? 1 : 0));
            case FLOAT16 -> throw new IllegalArgumentException("a conversion to FLOAT16");
        }
    }

    /** IEEE 754 binary16. */
    static float halfToFloat(short half) {
        int exponent = half >> MANTISSA_BITS & EXPONENT;
        int mantissa = half & MANTISSA;
        float sign = (half & SIGN) == 0 ? 1 : -1;
        if (exponent == EXPONENT) {
            return mantissa == 0 ? sign * Float.POSITIVE_INFINITY : Float.NaN;
        }
        int bias = 15;
        return exponent == 0
                ? sign * Math.scalb((float) mantissa, 1 - bias - MANTISSA_BITS)
                : sign * Math.scalb((float) (mantissa | 1 << MANTISSA_BITS), exponent - bias - MANTISSA_BITS);
    }
}
