package dev.glint.runtime.onnx;

/** An attribute of a node (onnx.proto, {@code AttributeProto}): a name, and a value of one of these kinds. */
public sealed interface OnnxAttribute {
    /** Its name. */
    String name();

    /** An integer, or what in a file stands for a truth value. */
    record Whole(String name, long value) implements OnnxAttribute {}

    /** A number. */
    record Real(String name, float value) implements OnnxAttribute {}

    /** A text. */
    record Text(String name, String value) implements OnnxAttribute {}

    /** Integers; not to be changed. */
    record Wholes(String name, long[] values) implements OnnxAttribute {}

    /** Numbers; not to be changed. */
    record Reals(String name, float[] values) implements OnnxAttribute {}

    /** A tensor. */
    record Constant(String name, Initializer value) implements OnnxAttribute {}

    /** What is not kept: graphs, lists of texts and tensors, and lists so long that no classifier needs them. */
    record Other(String name) implements OnnxAttribute {}
}
