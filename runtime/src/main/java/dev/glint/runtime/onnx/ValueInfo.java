package dev.glint.runtime.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An input or output of a graph.
 *
 * @param name its name
 * @param elements the type of its elements; empty if it is no tensor, or of a type that is not known
 * @param shape its sizes, -1 where any will do; empty if the file does not say
 */
public record ValueInfo(String name, Optional<ElementKind> elements, Optional<List<Long>> shape) {
    private static final int MAX_RANK = 32;

    public ValueInfo {
        shape = shape.map(List::copyOf);
    }

    static ValueInfo read(WireReader reader) {
        String name = "";
        Optional<ElementKind> elements = Optional.empty();
        Optional<List<Long>> shape = Optional.empty();
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> name = reader.name();
                case 2 -> {
                    WireReader type = reader.message();
                    while (type.next(1)) {
                        WireReader tensor = type.message();
                        while (tensor.next()) {
                            switch (tensor.field()) {
                                case 1 -> elements = ElementKind.forCode(tensor.varint());
                                case 2 -> shape = Optional.of(sizes(tensor.message()));
                                default -> tensor.skip();
                            }
                        }
                    }
                }
                default -> reader.skip();
            }
        }
        return new ValueInfo(name, elements, shape);
    }

    private static List<Long> sizes(WireReader shape) {
        List<Long> sizes = new ArrayList<>();
        while (shape.next(1)) {
            WireReader dimension = shape.message();
            long size = -1;
            while (dimension.next(1)) {
                // Paddle writes -1 where others leave the size out.
                size = Math.max(-1, dimension.varint());
            }
            addSize(sizes, size);
        }
        return sizes;
    }

    static void addSize(List<Long> shape, long size) {
        if (shape.size() == MAX_RANK) {
            throw Refusal.unacceptable("a tensor of more dimensions", "at most " + MAX_RANK);
        }
        shape.add(size);
    }
}
