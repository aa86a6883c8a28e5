package dev.glint.onnx.quantize.plan;

import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Node;
import java.util.Optional;

/**
 * A product with a positive constant, or a quotient by one: in integers nothing has to be computed, only another scale
 * belongs to the same bytes.
 *
 * @param value what is scaled
 * @param factor what it is multiplied by
 */
public record Scaling(String value, float factor) {

    /** Reads a node as a scaling; empty if it is none. */
    public static Optional<Scaling> read(Node node, GraphIndex index) {
        if (!node.isOperator("Mul", "Div") || node.inputs().size() != 2) {
            return Optional.empty();
        }
        Optional<Scaling> behind = factor(node.input(1), index)
                .map(factor -> new Scaling(node.input(0), node.isOperator("Div") ? 1 / factor : factor));
        return behind.or(() -> node.isOperator("Mul")
                        ? factor(node.input(0), index).map(factor -> new Scaling(node.input(1), factor))
                        : Optional.empty())
                .filter(scaling -> index.constant(scaling.value()).isEmpty() && scaling.isUsable());
    }

    /** A scalar, or a vector of one number: what it is multiplied with keeps its shape. */
    private static Optional<Float> factor(String value, GraphIndex index) {
        return index.constant(value)
                .filter(tensor -> tensor.type() == ElementType.FLOAT
                        && tensor.size() == 1
                        && tensor.shape().size() <= 1)
                .map(tensor -> tensor.toFloats()[0]);
    }

    private boolean isUsable() {
        return factor > 1e-6f && factor < 1e6f;
    }
}
