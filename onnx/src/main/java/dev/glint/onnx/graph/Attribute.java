package dev.glint.onnx.graph;

import java.util.List;
import java.util.Objects;

/** A constant setting of a {@link Node}. */
public sealed interface Attribute {
    /** An integer. */
    record Int(long value) implements Attribute {}

    /** A 32-bit float. */
    record Real(float value) implements Attribute {}

    /** A string. */
    record Text(String value) implements Attribute {
        public Text {
            Objects.requireNonNull(value);
        }
    }

    /** A list of integers. */
    record Ints(List<Long> values) implements Attribute {
        public Ints {
            values = List.copyOf(values);
        }
    }

    /** A list of 32-bit floats. */
    record Reals(List<Float> values) implements Attribute {
        public Reals {
            values = List.copyOf(values);
        }
    }

    /** A list of strings. */
    record Texts(List<String> values) implements Attribute {
        public Texts {
            values = List.copyOf(values);
        }
    }

    /** A tensor. */
    record Constant(Tensor value) implements Attribute {
        public Constant {
            Objects.requireNonNull(value);
        }
    }

    /** An integer. */
    static Attribute integer(long value) {
        return new Int(value);
    }

    /** A 32-bit float. */
    static Attribute real(float value) {
        return new Real(value);
    }

    /** A list of integers. */
    static Attribute integers(List<Long> values) {
        return new Ints(values);
    }
}
