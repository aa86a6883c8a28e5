package dev.glint.runtime.onnx;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A constant tensor of a file: weights, or a number in an attribute.
 *
 * @param name its name, empty in an attribute
 * @param kind the type of its elements
 * @param shape its sizes; none for a single number
 * @param raw its elements, packed and little-endian, as a view of the file's bytes; empty if the file holds them as fields
 */
public record Initializer(String name, ElementKind kind, List<Long> shape, ByteBuffer raw) {
    private static final int EXTERNAL = 1;

    public Initializer {
        shape = List.copyOf(shape);
    }

    static Initializer read(WireReader reader, OnnxLimits limits) {
        String name = "";
        long code = 0;
        List<Long> shape = new ArrayList<>();
        ByteBuffer raw = ByteBuffer.allocate(0);
        boolean asRaw = false;
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> reader.integers(size -> ValueInfo.addSize(shape, size));
                case 2 -> code = reader.varint();
                case 8 -> name = reader.name();
                case 9 -> {
                    raw = reader.slice();
                    asRaw = true;
                }
                case 13 -> throw external(name);
                case 14 -> {
                    if (reader.varint() == EXTERNAL) {
                        throw external(name);
                    }
                }
                default -> reader.skip();
            }
        }
        return checked(name, code, shape, raw, asRaw, limits);
    }

    private static Initializer checked(
            String name, long code, List<Long> shape, ByteBuffer raw, boolean asRaw, OnnxLimits limits) {
        ElementKind kind = ElementKind.forCode(code)
                .orElseThrow(() -> Refusal.unacceptable(
                        "tensor " + name + " with elements of type " + code, "a type of the ONNX specification"));
        long elements = 1;
        for (long size : shape) {
            if (size < 0 || size > 0 && elements > limits.elements() / size) {
                throw Refusal.unacceptable(
                        "tensor " + name + " of shape " + shape, "at most " + limits.elements() + " elements");
            }
            elements *= size;
        }
        long needed = kind.rawBytes(elements);
        if (asRaw && needed != raw.remaining()) {
            throw Refusal.unacceptable(
                    "tensor " + name + " of shape " + shape + " with " + raw.remaining() + " bytes",
                    needed < 0 ? "strings as fields" : needed + " bytes");
        }
        return new Initializer(name, kind, shape, raw);
    }

    private static RuntimeException external(String name) {
        return Refusal.unacceptable(
                "tensor " + name + " with its data in another file", "a model that is complete in one file");
    }
}
