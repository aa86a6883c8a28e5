package dev.glint.onnx.shape;

import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Arithmetic with constant floats, element by element, in doubles and rounded once: for sums, products, quotients and square
 * roots this is what floats give.
 */
final class Arithmetic {
    private static final Map<String, DoubleBinaryOperator> PAIRS = Map.of(
            "Add", Double::sum,
            "Sub", (a, b) -> a - b,
            "Mul", (a, b) -> a * b,
            "Div", (a, b) -> a / b,
            "Pow", Math::pow,
            "Min", Math::min,
            "Max", Math::max);
    private static final Map<String, DoubleUnaryOperator> SINGLES = Map.of(
            "Sqrt", Math::sqrt,
            "Neg", a -> -a,
            "Abs", Math::abs,
            "Exp", Math::exp,
            "Log", Math::log,
            "Reciprocal", a -> 1 / a,
            "Floor", Math::floor,
            "Ceil", Math::ceil);

    private Arithmetic() {}

    /** The result; null if it is not computed here. */
    static @Nullable Tensor compute(String op, List<Long> shape, List<Tensor> inputs) {
        if (inputs.isEmpty() || inputs.stream().anyMatch(input -> input.type() != ElementType.FLOAT)) {
            return null;
        }
        DoubleBinaryOperator pair = PAIRS.get(op);
        DoubleUnaryOperator single = SINGLES.get(op);
        float[] result = new float[Math.toIntExact(Movement.product(shape))];
        if (single != null && inputs.size() == 1) {
            float[] values = inputs.get(0).toFloats();
            for (int i = 0; i < result.length; i++) {
                result[i] = (float) single.applyAsDouble(values[i]);
            }
        } else if (pair != null && inputs.size() == 2) {
            float[] one = inputs.get(0).toFloats();
            float[] other = inputs.get(1).toFloats();
            Movement.Walk ones = walk(inputs.get(0), shape);
            Movement.Walk others = walk(inputs.get(1), shape);
            for (int i = 0; i < result.length; i++) {
                result[i] = (float) pair.applyAsDouble(one[(int) ones.next()], other[(int) others.next()]);
            }
        } else {
            return null;
        }
        return Tensor.floats(shape, result);
    }

    private static Movement.Walk walk(Tensor tensor, List<Long> shape) {
        return new Movement.Walk(shape, 0, Movement.broadcastStrides(tensor.shape(), shape));
    }
}
