package dev.glint.onnx.trace;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * An input of a block that is traced.
 *
 * @param name in the graph
 * @param type of its elements
 * @param sample the shape of one sample, without the batch
 * @param largest for whole numbers, such as indices, the largest that occurs; they begin with 0
 */
record TracedInput(String name, DataType type, Shape sample, int largest) {
    TracedInput {
        if (name.isEmpty() || largest < 0) {
            throw new IllegalArgumentException("input '" + name + "' up to " + largest);
        }
    }

    TracedInput(String name, DataType type, Shape sample) {
        this(name, type, sample, 1);
    }

    /** Whether its elements are real numbers. */
    boolean isReal() {
        return type.isFloating();
    }
}
