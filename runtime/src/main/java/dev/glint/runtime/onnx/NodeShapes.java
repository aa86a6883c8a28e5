package dev.glint.runtime.onnx;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The shapes of values, from node to node by the rules of their operators (onnx.ai, Operators.md), as far as constants say them. A size
 * may be more than fits into memory or a number: it stops at {@link #VAST}. What is not known is left out.
 */
final class NodeShapes {
    /** More than any limit, and two of it are still a number. */
    private static final long VAST = 1L << 61;

    static final int MAX_RANK = 32;
    private final Map<String, long[]> shapes = new HashMap<>();
    private final Map<String, Initializer> constants = new HashMap<>();

    /** A value that the file holds. */
    void addConstant(String name, Initializer value) {
        constants.put(name, value);
    }

    /** A value that the graph is given: one picture, where there may be any number. */
    void addInput(ValueInfo input) {
        input.shape().ifPresent(sizes -> {
            long[] shape = new long[sizes.size()];
            for (int i = 0; i < shape.length; i++) {
                shape[i] = sizes.get(i) < 0 ? 1 : sizes.get(i);
            }
            shapes.put(input.name(), shape);
        });
    }

    /** The sizes of a value, if they are known. */
    long @Nullable [] shape(String value) {
        long[] known = shapes.get(value);
        if (known != null) {
            return known;
        }
        Initializer constant = constants.get(value);
        if (constant == null) {
            return null;
        }
        long[] sizes = new long[constant.shape().size()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = constant.shape().get(i);
        }
        shapes.put(value, sizes);
        return sizes;
    }

    /**
     * Learns what a node gives, all nodes before it being known; gives the shape of its first output, if that follows. Its other
     * outputs count for as much.
     */
    long @Nullable [] add(OnnxNode node) {
        if (node.outputs().isEmpty()) {
            return null;
        }
        String output = node.outputs().get(0);
        Initializer same = constant(node);
        if (same != null) {
            constants.put(output, same);
            return null;
        }
        long[] shape = shape(node);
        if (shape == null || shape.length > MAX_RANK) {
            return null;
        }
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] < 0) {
                return null;
            }
            shape[i] = clamp(shape[i]);
        }
        for (String name : node.outputs()) {
            if (!name.isEmpty()) {
                shapes.put(name, shape);
            }
        }
        return shape;
    }

    /** By the node's rule; without one, it may be as large as the largest that was computed before and goes into it. */
    private long @Nullable [] shape(OnnxNode node) {
        long[] shape = OperatorShapes.shape(new NodeInputs(node, this));
        if (shape != null) {
            return shape;
        }
        for (String input : node.inputs()) {
            long[] taken = constants.containsKey(input) ? null : shapes.get(input);
            if (taken != null && (shape == null || elements(taken) > elements(shape))) {
                shape = taken;
            }
        }
        return shape == null ? null : shape.clone();
    }

    /** What a node gives that only passes on what the file holds. */
    private @Nullable Initializer constant(OnnxNode node) {
        if (node.operator().equals("Identity") && node.inputs().size() == 1) {
            return constants.get(node.inputs().get(0));
        }
        if (node.operator().equals("Constant")) {
            for (OnnxAttribute attribute : node.attributes()) {
                Initializer value = Initializer.of(attribute);
                if (value != null) {
                    return value;
                }
            }
        }
        return null;
    }

    /** What the file holds as a value; empty if it is computed. */
    @Nullable Initializer constant(String value) {
        return constants.get(value);
    }

    /** How many numbers a value of a shape has, at most {@link #VAST}. */
    static long elements(long[] shape) {
        long elements = 1;
        for (long size : shape) {
            elements = times(elements, size);
        }
        return elements;
    }

    /** The product of two sizes; less than nothing is no size. */
    static long times(long one, long other) {
        if (one < 0 || other < 0) {
            return -1;
        }
        return one > 0 && other > VAST / one ? VAST : one * other;
    }

    /** The sum of two sizes, either of which may be negative. */
    static long plus(long one, long other) {
        return clamp(clamp(one) + clamp(other));
    }

    private static long clamp(long size) {
        return Math.max(-VAST, Math.min(VAST, size));
    }
}
