package dev.glint.onnx.quantize.plan;

import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Node;
import java.util.Map;
import java.util.Optional;

/** The kinds of operators that ONNX Runtime has for bytes, as its QDQ fusions find them. */
public enum IntegerOperator {
    /** Weights of bytes, an output encoding of its own. */
    CONVOLUTION,
    /** The same, but part of the head. */
    LINEAR,
    /** Two operands, of which one may come from a float step or be constant. */
    SUM,
    /** Two operands, both of bytes, of which one may be constant. */
    PRODUCT,
    /** Matrices of bytes, of which one may be constant; belongs to the head unless a convolution comes behind. */
    MATRIX_PRODUCT,
    /** A product with a constant number, or a quotient by one: the same bytes with another scale. */
    SCALING,
    /** Operands of bytes, an output encoding of its own. */
    COMBINATION,
    /** Looks each byte up in a table. */
    TABLE,
    /** Bytes go through as they are. */
    SELECTION,
    /** An average over whole channels; belongs to the head unless a convolution comes behind. */
    GLOBAL_AVERAGE,
    /** Bytes go through as they are; belongs to the head unless a convolution comes behind. */
    RESHAPE;

    private static final Map<String, IntegerOperator> BY_NAME = Map.ofEntries(
            Map.entry("Conv", CONVOLUTION),
            Map.entry("Gemm", LINEAR),
            Map.entry("Add", SUM),
            Map.entry("Mul", PRODUCT),
            Map.entry("MatMul", MATRIX_PRODUCT),
            Map.entry("AveragePool", COMBINATION),
            Map.entry("Concat", COMBINATION),
            Map.entry("Sigmoid", TABLE),
            Map.entry("LeakyRelu", TABLE),
            Map.entry("Relu", TABLE),
            Map.entry("MaxPool", SELECTION),
            Map.entry("GlobalAveragePool", GLOBAL_AVERAGE),
            Map.entry("Flatten", RESHAPE),
            Map.entry("Reshape", RESHAPE));

    /** The kind of a node; empty if its operator has no integer form. */
    public static Optional<IntegerOperator> find(Node node, GraphIndex index) {
        return Scaling.read(node, index).isPresent() ? Optional.of(SCALING) : find(node);
    }

    private static Optional<IntegerOperator> find(Node node) {
        return node.domain().isEmpty() ? Optional.ofNullable(BY_NAME.get(node.op())) : Optional.empty();
    }

    /** Whether weights and bias are integers too. */
    public boolean hasWeights() {
        return this == CONVOLUTION || this == LINEAR;
    }

    /** Whether the output has the encoding of the input, since no byte changes. */
    public boolean keepsEncoding() {
        return this == SELECTION || this == RESHAPE;
    }
}
