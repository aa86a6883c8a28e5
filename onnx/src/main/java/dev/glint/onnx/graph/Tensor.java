package dev.glint.onnx.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A constant: weights, scales, zero points, target shapes.
 *
 * @param type what it holds
 * @param shape its dimensions, outermost first; empty for a scalar
 * @param data the elements, row by row, little-endian; not copied, so everybody must leave them alone
 */
public record Tensor(ElementType type, List<Long> shape, byte[] data) {

    public Tensor {
        Objects.requireNonNull(type);
        shape = List.copyOf(shape);
        long expected = bytes(type, shape);
        if (data.length != expected) {
            throw new IllegalArgumentException(data.length + " bytes for " + type + " " + shape);
        }
    }

    /** A tensor of floats. */
    public static Tensor floats(List<Long> shape, float... values) {
        ByteBuffer buffer = buffer(values.length * Float.BYTES);
        for (float value : values) {
            buffer.putFloat(value);
        }
        return new Tensor(ElementType.FLOAT, shape, buffer.array());
    }

    /** A scalar. */
    public static Tensor scalar(float value) {
        return floats(List.of(), value);
    }

    /** A vector of 64-bit integers, such as a shape. */
    public static Tensor longs(long... values) {
        ByteBuffer buffer = buffer(values.length * Long.BYTES);
        for (long value : values) {
            buffer.putLong(value);
        }
        return new Tensor(ElementType.INT64, List.of((long) values.length), buffer.array());
    }

    /** A tensor of 32-bit integers. */
    public static Tensor ints(List<Long> shape, int... values) {
        ByteBuffer buffer = buffer(values.length * Integer.BYTES);
        for (int value : values) {
            buffer.putInt(value);
        }
        return new Tensor(ElementType.INT32, shape, buffer.array());
    }

    /** The number of elements. */
    public int size() {
        return data.length / type.bytes();
    }

    /** The elements of a {@link ElementType#FLOAT} tensor. */
    public float[] toFloats() {
        require(ElementType.FLOAT);
        float[] values = new float[size()];
        view().asFloatBuffer().get(values);
        return values;
    }

    /** The elements of an {@link ElementType#INT64} tensor. */
    public long[] toLongs() {
        require(ElementType.INT64);
        long[] values = new long[size()];
        view().asLongBuffer().get(values);
        return values;
    }

    /** The elements of a tensor of {@link ElementType#INT64} or {@link ElementType#INT32}. */
    public long[] toIntegers() {
        if (type == ElementType.INT64) {
            return toLongs();
        }
        require(ElementType.INT32);
        long[] values = new long[size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = view().getInt(i * Integer.BYTES);
        }
        return values;
    }

    /** The same elements in another shape. */
    public Tensor withShape(List<Long> newShape) {
        return new Tensor(type, newShape, data);
    }

    private ByteBuffer view() {
        return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void require(ElementType expected) {
        if (type != expected) {
            throw new IllegalStateException("a tensor of " + type + " read as " + expected);
        }
    }

    /** How many bytes the elements of a shape take. */
    static long bytes(ElementType type, List<Long> shape) {
        return Math.multiplyExact(count(shape), (long) type.bytes());
    }

    private static long count(List<Long> shape) {
        long count = 1;
        for (long dimension : shape) {
            if (dimension < 0) {
                throw new IllegalArgumentException("shape " + shape);
            }
            count = Math.multiplyExact(count, dimension);
        }
        return count;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Tensor tensor
                && type == tensor.type
                && shape.equals(tensor.shape)
                && Arrays.equals(data, tensor.data);
    }

    @Override
    public int hashCode() {
        return Objects.hash(type, shape, Arrays.hashCode(data));
    }

    @Override
    public String toString() {
        return type + " " + shape;
    }
}
