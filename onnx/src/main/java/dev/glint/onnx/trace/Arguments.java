package dev.glint.onnx.trace;

import ai.djl.ndarray.types.Shape;

/** Arguments that several methods of an array have. */
final class Arguments {
    private Arguments() {}

    /** None at all. */
    record None() {}

    /** The other array of two. */
    record Operand(RecordedArray other) {}

    /** A number in place of the other array. */
    record Scalar(Number value) {}

    /** One dimension; a negative one counts from the last. */
    record Axis(int axis) {}

    /** Some dimensions. */
    record Axes(int[] axes) {}

    /** The shape of the result. */
    record Target(Shape shape) {}
}
