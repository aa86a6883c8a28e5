package dev.glint.runtime.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A constant tensor of a file: weights, or a number in an attribute.
 *
 * @param name its name, empty in an attribute
 * @param kind the type of its elements
 * @param shape its sizes; none for a single number
 * @param raw its elements, packed and little-endian, as a view of the file's bytes; empty if the file holds them as fields
 * @param message the message that it stands in, as a view of the file's bytes; empty if its elements are packed
 */
public record Initializer(String name, ElementKind kind, List<Long> shape, ByteBuffer raw, ByteBuffer message) {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int USUAL_RANK = 4;
    private static final int EXTERNAL = 1;
    private static final int FLOAT_DATA = 4;
    private static final int INT32_DATA = 5;
    private static final int INT64_DATA = 7;
    private static final int DOUBLE_DATA = 10;

    public Initializer {
        shape = List.copyOf(shape);
    }

    static Initializer read(WireReader reader, OnnxLimits limits) {
        String name = "";
        long code = 0;
        List<Long> shape = new ArrayList<>(USUAL_RANK);
        ByteBuffer raw = null;
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> reader.integers(size -> ValueInfo.addSize(shape, size));
                case 2 -> code = reader.varint();
                case 8 -> name = reader.name();
                case 9 -> raw = reader.slice();
                case 13 -> throw external(name);
                case 14 -> {
                    if (reader.varint() == EXTERNAL) {
                        throw external(name);
                    }
                }
                default -> reader.skip();
            }
        }
        ElementKind kind = kind(name, code);
        check(name, kind, shape, raw, reader.size(), limits);
        return raw == null
                ? new Initializer(name, kind, shape, NOTHING, reader.whole())
                : new Initializer(name, kind, shape, raw, NOTHING);
    }

    /** The value of a {@code Constant} node, if the attribute is one of numbers. */
    static @Nullable Initializer of(OnnxAttribute attribute) {
        if (attribute instanceof OnnxAttribute.Constant constant) {
            return constant.value();
        }
        if (attribute instanceof OnnxAttribute.Wholes list) {
            return ofIntegers(List.of((long) list.values().length), list.values());
        }
        if (attribute instanceof OnnxAttribute.Whole one) {
            return ofIntegers(List.of(), one.value());
        }
        if (attribute instanceof OnnxAttribute.Reals list) {
            return ofFloats(List.of((long) list.values().length), list.values());
        }
        return attribute instanceof OnnxAttribute.Real one ? ofFloats(List.of(), one.value()) : null;
    }

    private static Initializer ofIntegers(List<Long> shape, long... values) {
        ByteBuffer raw = little(values.length * Long.BYTES);
        raw.asLongBuffer().put(values);
        return new Initializer("", ElementKind.INT64, shape, raw, NOTHING);
    }

    private static Initializer ofFloats(List<Long> shape, float... values) {
        ByteBuffer raw = little(values.length * Float.BYTES);
        raw.asFloatBuffer().put(values);
        return new Initializer("", ElementKind.FLOAT, shape, raw, NOTHING);
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ElementKind kind(String name, long code) {
        return ElementKind.forCode(code)
                .orElseThrow(() -> Refusal.unacceptable(
                        "tensor " + name + " with elements of type " + code, "a type of the ONNX specification"));
    }

    private static void check(
            String name,
            ElementKind kind,
            List<Long> shape,
            @Nullable ByteBuffer raw,
            int messageBytes,
            OnnxLimits limits) {
        long elements = 1;
        for (long size : shape) {
            if (size < 0 || size > 0 && elements > limits.elements() / size) {
                throw Refusal.unacceptable(
                        "tensor " + name + " of shape " + shape, "at most " + limits.elements() + " elements");
            }
            elements *= size;
        }
        long needed = kind.rawBytes(elements);
        if (raw != null && needed != raw.remaining()) {
            throw Refusal.unacceptable(
                    "tensor " + name + " of shape " + shape + " with " + raw.remaining() + " bytes",
                    needed < 0 ? "strings as fields" : needed + " bytes");
        }
        // A field has a byte at least, in which the smallest kinds have two elements.
        if (raw == null && elements > 2L * messageBytes) {
            throw Refusal.malformed("a tensor of shape " + shape + " in " + messageBytes + " bytes");
        }
    }

    private static RuntimeException external(String name) {
        return Refusal.unacceptable(
                "tensor " + name + " with its data in another file", "a model that is complete in one file");
    }

    /** How many elements its shape has. */
    public long elements() {
        long elements = 1;
        for (long size : shape) {
            elements *= size;
        }
        return elements;
    }

    /**
     * Copies its elements, 32-bit floats.
     *
     * @param to at least {@link #elements()} long, filled from the first on
     * @throws dev.glint.runtime.failure.GlintException ({@code MODEL}) if it has others, or the file holds fewer or more
     */
    public void copyFloats(float[] to) {
        require(ElementKind.FLOAT);
        if (raw.hasRemaining()) {
            raw.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(to, 0, (int) elements());
            return;
        }
        Filling<float[]> filling = new Filling<>(to);
        WireReader fields = new WireReader(message);
        while (fields.next(FLOAT_DATA)) {
            fields.reals(value -> filling.to[filling.next()] = value);
        }
        filling.requireFull();
    }

    /**
     * Copies its elements, 64-bit floats.
     *
     * @param to at least {@link #elements()} long, filled from the first on
     * @throws dev.glint.runtime.failure.GlintException ({@code MODEL}) if it has others, or the file holds fewer or more
     */
    void copyDoubles(double[] to) {
        require(ElementKind.DOUBLE);
        if (raw.hasRemaining()) {
            raw.duplicate().order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(to, 0, (int) elements());
            return;
        }
        Filling<double[]> filling = new Filling<>(to);
        WireReader fields = new WireReader(message);
        while (fields.next(DOUBLE_DATA)) {
            fields.doubles(value -> filling.to[filling.next()] = value);
        }
        filling.requireFull();
    }

    /**
     * Copies its elements, 8-bit integers with or without sign, bit by bit.
     *
     * @param to at least {@link #elements()} long, filled from the first on
     * @throws dev.glint.runtime.failure.GlintException ({@code MODEL}) if it has others, or the file holds fewer or more
     */
    public void copyBytes(byte[] to) {
        require(ElementKind.INT8, ElementKind.UINT8);
        if (raw.hasRemaining()) {
            raw.duplicate().get(to, 0, (int) elements());
            return;
        }
        Filling<byte[]> filling = new Filling<>(to);
        WireReader fields = new WireReader(message);
        while (fields.next(INT32_DATA)) {
            fields.integers(value -> filling.to[filling.next()] = (byte) value);
        }
        filling.requireFull();
    }

    /**
     * Copies its elements, integers of 32 or 64 bits.
     *
     * @param to at least {@link #elements()} long, filled from the first on
     * @throws dev.glint.runtime.failure.GlintException ({@code MODEL}) if it has others, or the file holds fewer or more
     */
    public void copyIntegers(long[] to) {
        require(ElementKind.INT32, ElementKind.INT64);
        boolean wide = kind == ElementKind.INT64;
        if (raw.hasRemaining()) {
            ByteBuffer bytes = raw.duplicate().order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; bytes.hasRemaining(); i++) {
                to[i] = wide ? bytes.getLong() : bytes.getInt();
            }
            return;
        }
        Filling<long[]> filling = new Filling<>(to);
        WireReader fields = new WireReader(message);
        while (fields.next(wide ? INT64_DATA : INT32_DATA)) {
            fields.integers(value -> filling.to[filling.next()] = value);
        }
        filling.requireFull();
    }

    private void require(ElementKind... kinds) {
        for (ElementKind expected : kinds) {
            if (kind == expected) {
                return;
            }
        }
        throw Refusal.unacceptable("tensor " + name + " of type " + kind.label(), kinds[0].label());
    }

    /** An array that is filled from fields, of which there must be as many as the shape says. */
    private final class Filling<A> {
        private final A to;
        private final long elements = elements();
        private int count;

        Filling(A to) {
            this.to = to;
        }

        int next() {
            if (count >= elements) {
                throw misfit("more");
            }
            return count++;
        }

        void requireFull() {
            if (count < elements) {
                throw misfit("fewer");
            }
        }

        private RuntimeException misfit(String found) {
            return Refusal.malformed(found + " elements in tensor " + name + " than its shape " + shape + " has");
        }
    }
}
