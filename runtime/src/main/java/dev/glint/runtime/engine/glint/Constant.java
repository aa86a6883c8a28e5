package dev.glint.runtime.engine.glint;

import dev.glint.runtime.onnx.ElementKind;
import dev.glint.runtime.onnx.Initializer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A tensor that the file holds.
 *
 * @param tensor as it stands there
 * @param scales what its integers are multiplied with; null if it is not encoded
 * @param zeroPoints what is taken from its integers before; null for 0
 * @param axis along which scales and zero points go, if there are several
 */
record Constant(
        Initializer tensor,
        @Nullable Initializer scales,
        @Nullable Initializer zeroPoints,
        int axis) implements Value {

    Constant(Initializer tensor) {
        this(tensor, null, null, 0);
    }

    boolean isEncoded() {
        return scales != null;
    }

    List<Long> shape() {
        return tensor.shape();
    }

    /** How many elements it has, which are few enough for an array. */
    int elements() {
        long elements = tensor.elements();
        if (elements < 1 || elements > FeatureMap.MAX_SIZE) {
            throw new UnsupportedGraph("a tensor of " + elements + " elements");
        }
        return (int) elements;
    }

    /** A size of its shape. */
    int size(int index) {
        long size = shape().get(index);
        if (size < 1 || size > FeatureMap.MAX_SIZE) {
            throw new UnsupportedGraph("a tensor of the shape " + shape());
        }
        return (int) size;
    }

    /** Whether all its bytes have the same scale. */
    boolean hasOneScale() {
        return scales != null && scales.elements() == 1;
    }

    /** The scale of each channel, so many times the same one where there is but one. */
    float[] scales(int channels) {
        if (scales == null) {
            throw new UnsupportedGraph("no scale for " + tensor.name());
        }
        float[] values = new Constant(scales).floats();
        if (values.length == channels
                && channels > 1
                && (axis != 0 || scales.shape().size() != 1)) {
            throw new UnsupportedGraph("scales along another axis than the first");
        }
        return repeated(values, channels);
    }

    /** Repeats a single value. */
    static float[] repeated(float[] values, int count) {
        if (values.length == count) {
            return values;
        }
        if (values.length != 1) {
            throw new UnsupportedGraph(values.length + " numbers for " + count + " channels");
        }
        float[] repeated = new float[count];
        for (int i = 0; i < count; i++) {
            repeated[i] = values[0];
        }
        return repeated;
    }

    /** Whether it has signed bytes that need no zero point. */
    boolean isSymmetric() {
        if (!isEncoded() || tensor.kind() != ElementKind.INT8) {
            return false;
        }
        if (zeroPoints == null) {
            return true;
        }
        byte[] zeros = new byte[new Constant(zeroPoints).elements()];
        zeroPoints.copyBytes(zeros);
        for (byte zero : zeros) {
            if (zero != 0) {
                return false;
            }
        }
        return true;
    }

    /** What its bytes stand for, taken as unsigned ones. */
    Encoding encoding() {
        boolean signed = tensor.kind() == ElementKind.INT8;
        return new Encoding(new Constant(Objects.requireNonNull(scales)).scalar(), zeros(1)[0] + (signed ? 128 : 0));
    }

    /** Its bytes, taken as unsigned ones. */
    byte[] unsignedBytes() {
        boolean signed = tensor.kind() == ElementKind.INT8;
        if (!signed) {
            requireKind(ElementKind.UINT8);
        }
        byte[] values = new byte[elements()];
        tensor.copyBytes(values);
        for (int i = 0; i < values.length && signed; i++) {
            values[i] += (byte) 128;
        }
        return values;
    }

    /** Its numbers; encoded ones are decoded. */
    float[] floats() {
        float[] values = new float[elements()];
        copyFloats(values, new byte[tensor.kind() == ElementKind.FLOAT ? 0 : values.length]);
        return values;
    }

    /** The only number. */
    float scalar() {
        if (elements() != 1) {
            throw new UnsupportedGraph("the shape " + shape() + " where a single number is needed");
        }
        return floats()[0];
    }

    /** Its integers of 32 or 64 bits, encoded or not. */
    long[] integers() {
        if (tensor.kind() != ElementKind.INT32 && tensor.kind() != ElementKind.INT64) {
            throw new UnsupportedGraph("integers of type " + tensor.kind().label());
        }
        long[] values = new long[elements()];
        tensor.copyIntegers(values);
        return values;
    }

    /**
     * Copies its numbers.
     *
     * @param scratch as long as the tensor where that has bytes; it is overwritten
     */
    void copyFloats(float[] to, byte[] scratch) {
        if (!isEncoded()) {
            requireKind(ElementKind.FLOAT);
            tensor.copyFloats(to);
            return;
        }
        int count = elements();
        int inner = 1;
        int channels = 1;
        if (scales != null && scales.elements() > 1) {
            channels = size(axis);
            for (int i = axis + 1; i < shape().size(); i++) {
                inner *= size(i);
            }
        }
        float[] factors = repeated(new Constant(Objects.requireNonNull(scales)).floats(), channels);
        int[] zeros = zeros(channels);
        if (tensor.kind() == ElementKind.INT32) {
            long[] integers = integers();
            for (int i = 0; i < count; i++) {
                int channel = i / inner % channels;
                to[i] = (integers[i] - zeros[channel]) * factors[channel];
            }
            return;
        }
        boolean signed = tensor.kind() == ElementKind.INT8;
        if (!signed) {
            requireKind(ElementKind.UINT8);
        }
        tensor.copyBytes(scratch);
        for (int i = 0; i < count; i++) {
            int channel = i / inner % channels;
            to[i] = ((signed ? scratch[i] : scratch[i] & 0xff) - zeros[channel]) * factors[channel];
        }
    }

    private int[] zeros(int channels) {
        int[] zeros = new int[channels];
        if (zeroPoints == null || tensor.kind() == ElementKind.INT32) {
            return zeros;
        }
        int count = new Constant(zeroPoints).elements();
        if (count != 1 && count != channels || zeroPoints.kind() != tensor.kind()) {
            throw new UnsupportedGraph(count + " zero points for " + channels + " channels");
        }
        byte[] values = new byte[count];
        zeroPoints.copyBytes(values);
        for (int i = 0; i < channels; i++) {
            byte zero = values[count == 1 ? 0 : i];
            zeros[i] = tensor.kind() == ElementKind.INT8 ? zero : zero & 0xff;
        }
        return zeros;
    }

    private void requireKind(ElementKind kind) {
        if (tensor.kind() != kind) {
            throw new UnsupportedGraph("a tensor of type " + tensor.kind().label());
        }
    }
}
