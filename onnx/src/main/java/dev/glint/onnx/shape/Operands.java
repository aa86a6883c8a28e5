package dev.glint.onnx.shape;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is known of a node's inputs; what is asked for and not known ends in an {@link IllegalArgumentException}. */
record Operands(Node node, Shapes shapes) {
    boolean has(int input) {
        return !node.input(input).isEmpty();
    }

    List<Size> shape(int input) {
        return shapes.shape(node.input(input)).orElseThrow(() -> new IllegalArgumentException("unknown shape"));
    }

    List<Size> content(int input) {
        return shapes.content(node.input(input)).orElseThrow(() -> new IllegalArgumentException("unknown content"));
    }

    /** The integers in an input, which must not depend on the batch. */
    List<Long> numbers(int input) {
        return content(input).stream().map(Size::number).toList();
    }

    /** A setting that older operator sets have as an attribute and newer ones as an input. */
    Optional<List<Long>> setting(String attribute, int input) {
        Optional<List<Long>> set = node.integers(attribute);
        return set.isPresent() || !has(input) ? set : Optional.of(numbers(input));
    }

    /** An axis, counted from the end if it is negative. */
    static int axis(long axis, int rank) {
        long counted = axis < 0 ? axis + rank : axis;
        if (counted < 0 || counted >= rank) {
            throw new IllegalArgumentException("axis " + axis + " of " + rank);
        }
        return (int) counted;
    }

    int axis(long otherwise, List<Size> shape) {
        return axis(node.integer("axis", otherwise), shape.size());
    }

    /** By ONNX's <a href="https://github.com/onnx/onnx/blob/main/docs/Broadcasting.md">multidirectional broadcasting</a>. */
    List<Size> broadcast() {
        if (node.attributes().containsKey("broadcast")) {
            return shape(0);
        }
        List<Size> result = shape(0);
        for (int i = 1; i < node.inputs().size(); i++) {
            result = broadcast(result, shape(i));
        }
        return result;
    }

    static List<Size> broadcast(List<Size> one, List<Size> other) {
        int rank = Math.max(one.size(), other.size());
        List<Size> result = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            Size a = fromEnd(one, rank - i);
            Size b = fromEnd(other, rank - i);
            if (!a.equals(b) && !a.equals(Size.ONE) && !b.equals(Size.ONE)) {
                throw new IllegalArgumentException(one + " with " + other);
            }
            result.add(a.equals(Size.ONE) ? b : a);
        }
        return result;
    }

    private static Size fromEnd(List<Size> shape, int index) {
        return index <= shape.size() ? shape.get(shape.size() - index) : Size.ONE;
    }

    /** The reals in an attribute or, where newer operator sets have them, in a constant input. */
    List<Float> reals(String attribute, int input) {
        if (node.attributes().get(attribute) instanceof Attribute.Reals list) {
            return list.values();
        }
        List<Float> constant = shapes.facts(node.input(input)).reals();
        if (constant == null) {
            throw new IllegalArgumentException("unknown " + attribute);
        }
        return constant;
    }
}
