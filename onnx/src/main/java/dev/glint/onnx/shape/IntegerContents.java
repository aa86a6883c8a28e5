package dev.glint.onnx.shape;

import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BinaryOperator;

/** What small tensors of integers hold that are made of shapes: the arithmetic in front of a Reshape. */
final class IntegerContents {
    private IntegerContents() {}

    /** What a node's first output holds; unknown ends in an {@link IllegalArgumentException}. */
    static List<Size> compute(Node node, Operands operands) {
        return switch (node.op()) {
            case "Shape" -> MovementShapes.shapeOf(node, operands);
            case "Size" -> List.of(Size.product(operands.shape(0)));
            case "Identity", "Squeeze", "Unsqueeze", "Reshape", "Flatten" -> operands.content(0);
            case "Cast" -> whole(node, operands);
            case "Gather" -> gathered(operands);
            case "Concat" -> concatenated(node, operands);
            case "Slice" -> sliced(operands);
            case "Add" -> pairwise(operands, Size::plus);
            case "Sub" -> pairwise(operands, (a, b) -> a.plus(b.times(Size.fixed(-1))));
            case "Mul" -> pairwise(operands, Size::times);
            case "Div" -> pairwise(operands, Size::dividedBy);
            case "ReduceProd" -> List.of(Size.product(operands.content(0)));
            case "Constant" -> {
                List<Size> content = ShapeInference.facts(ConstantEvaluator.attributeTensor(node))
                        .content();
                if (content == null) {
                    throw unknown();
                }
                yield content;
            }
            default -> throw unknown();
        };
    }

    private static IllegalArgumentException unknown() {
        return new IllegalArgumentException("unknown content");
    }

    /** Arithmetic with floats rounds in other ways. */
    private static List<Size> whole(Node node, Operands operands) {
        long type = node.integer("to", 0);
        if (type != ElementType.INT64.code() && type != ElementType.INT32.code()) {
            throw unknown();
        }
        return operands.content(0);
    }

    private static List<Size> gathered(Operands operands) {
        List<Size> content = operands.content(0);
        requireVector(operands.shape(0));
        List<Size> chosen = new ArrayList<>();
        for (long index : operands.numbers(1)) {
            chosen.add(content.get(Operands.axis(index, content.size())));
        }
        return chosen;
    }

    private static List<Size> concatenated(Node node, Operands operands) {
        List<Size> all = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            requireVector(operands.shape(i));
            all.addAll(operands.content(i));
        }
        return all;
    }

    private static List<Size> sliced(Operands operands) {
        List<Size> content = operands.content(0);
        requireVector(operands.shape(0));
        Slices slices = Slices.read(operands, 1);
        if (slices.axes().size() != 1) {
            throw unknown();
        }
        long start = slices.start(0, content.size());
        List<Size> chosen = new ArrayList<>();
        for (long i = 0; i < slices.count(0, content.size()); i++) {
            chosen.add(content.get((int) (start + i * slices.steps().get(0))));
        }
        return chosen;
    }

    private static List<Size> pairwise(Operands operands, BinaryOperator<Size> arithmetic) {
        List<Size> one = operands.content(0);
        List<Size> other = operands.content(1);
        int size = Math.max(one.size(), other.size());
        List<Size> a = one.size() == 1 ? Collections.nCopies(size, one.get(0)) : one;
        List<Size> b = other.size() == 1 ? Collections.nCopies(size, other.get(0)) : other;
        List<Size> result = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            result.add(arithmetic.apply(a.get(i), b.get(i)));
        }
        return result;
    }

    private static void requireVector(List<Size> shape) {
        if (shape.size() != 1) {
            throw unknown();
        }
    }
}
