package dev.glint.onnx.graph;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The name and type of an input or output of a graph.
 *
 * @param name the value's name
 * @param type what it holds
 * @param shape its dimensions, outermost first; null if nothing is said of them
 */
public record ValueInfo(
        String name, ElementType type, @Nullable List<Dimension> shape) {

    /** A dimension of a value. */
    public sealed interface Dimension {
        /** Always the same. */
        record Fixed(long size) implements Dimension {
            public Fixed {
                if (size < 0) {
                    throw new IllegalArgumentException("dimension " + size);
                }
            }

            @Override
            public String toString() {
                return Long.toString(size);
            }
        }

        /** Free, with a name (N for the batch); an unnamed one has an empty name. */
        record Free(String name) implements Dimension {
            public Free {
                Objects.requireNonNull(name);
            }

            @Override
            public String toString() {
                return name.isEmpty() ? "?" : name;
            }
        }
    }

    public ValueInfo {
        Objects.requireNonNull(name);
        Objects.requireNonNull(type);
        shape = shape == null ? null : List.copyOf(shape);
    }
}
