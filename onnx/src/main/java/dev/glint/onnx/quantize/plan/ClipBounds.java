package dev.glint.onnx.quantize.plan;

import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Node;
import java.util.Optional;

/**
 * What a clip leaves of its input.
 *
 * @param min the lower bound, or minus infinity
 * @param max the upper bound, or infinity
 */
public record ClipBounds(float min, float max) {

    /** The bounds of a clip; empty for another operator, and for bounds that are no constants. */
    public static Optional<ClipBounds> read(Node node, GraphIndex index) {
        if (!node.isOperator("Clip")) {
            return Optional.empty();
        }
        Optional<Float> min = bound(node.input(1), Float.NEGATIVE_INFINITY, index);
        Optional<Float> max = bound(node.input(2), Float.POSITIVE_INFINITY, index);
        return min.flatMap(low -> max.map(high -> new ClipBounds(low, high)));
    }

    private static Optional<Float> bound(String input, float otherwise, GraphIndex index) {
        return input.isEmpty() ? Optional.of(otherwise) : index.floatScalar(input);
    }

    /** Whether 0 lies between the bounds, which an encoding always reaches. */
    public boolean holdZero() {
        return min <= 0 && max >= 0 && min < max;
    }
}
