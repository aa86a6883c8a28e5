package dev.glint.runtime.onnx;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The rules of operators that give a part of what they take, or as much in another order. Where the graph computes how much it is, all
 * of it is the most.
 */
final class PartShapes {
    private PartShapes() {}

    /** The shape of the first output, or what it has at most; nothing if the operator is none of these. */
    static long @Nullable [] shape(NodeInputs node) {
        long[] whole = node.shape(0);
        if (whole == null) {
            return null;
        }
        long[] shape = whole.clone();
        return switch (node.operator()) {
            case "Slice" -> slice(node, shape);
            case "Squeeze" -> without(shape, node.count() > 1 ? node.integers(1) : node.wholes("axes"), false);
            case "TopK" -> topK(node, shape);
            case "DepthToSpace" -> blocks(shape, node.whole("blocksize", 1), true);
            case "SpaceToDepth" -> blocks(shape, node.whole("blocksize", 1), false);
            case "Shape" -> new long[] {shape.length};
            case "ArgMax", "ArgMin" -> reduced(node, shape, new long[] {node.whole("axis", 0)});
            default -> node.operator().startsWith("Reduce") ? reduce(node, shape) : null;
        };
    }

    private static long[] slice(NodeInputs node, long[] shape) {
        boolean inputs = node.count() > 1;
        long[] starts = inputs ? node.integers(1) : node.wholes("starts");
        long[] ends = inputs ? node.integers(2) : node.wholes("ends");
        boolean allAxes = inputs ? node.count() < 4 : node.wholes("axes") == null;
        long[] axes = inputs ? node.integers(3) : node.wholes("axes");
        boolean steady = node.count() < 5;
        long[] steps = steady ? null : node.integers(4);
        if (starts == null || ends == null || starts.length != ends.length || !allAxes && axes == null) {
            return shape;
        }
        for (int i = 0; i < starts.length; i++) {
            int axis = axis(axes == null ? i : i < axes.length ? axes[i] : shape.length, shape.length);
            long step = steady ? 1 : steps == null || i >= steps.length ? 0 : steps[i];
            if (axis >= 0 && step > 0) {
                long from = place(starts[i], shape[axis]);
                long length = Math.max(0, place(ends[i], shape[axis]) - from);
                shape[axis] = length / step + (length % step == 0 ? 0 : 1);
            }
        }
        return shape;
    }

    private static long place(long index, long size) {
        return Math.max(0, Math.min(size, index < 0 ? index + size : index));
    }

    private static long[] topK(NodeInputs node, long[] shape) {
        double[] count = node.count() > 1 ? node.numbers(1) : null;
        int axis = node.axis("axis", shape.length, -1);
        long kept = count == null || count.length != 1 ? node.whole("k", Long.MAX_VALUE) : (long) count[0];
        if (axis >= 0) {
            shape[axis] = Math.min(shape[axis], Math.max(0, kept));
        }
        return shape;
    }

    private static long @Nullable [] blocks(long[] shape, long side, boolean toSpace) {
        if (shape.length != 4 || side < 1 || side > Integer.MAX_VALUE) {
            return null;
        }
        shape[1] = toSpace ? shape[1] / (side * side) : NodeShapes.times(shape[1], side * side);
        for (int i = 2; i < 4; i++) {
            shape[i] = toSpace ? NodeShapes.times(shape[i], side) : shape[i] / side;
        }
        return shape;
    }

    private static long[] reduce(NodeInputs node, long[] shape) {
        boolean computed = node.count() > 1 && node.integers(1) == null;
        long[] axes = node.count() > 1 ? node.integers(1) : node.wholes("axes");
        boolean none = axes == null || axes.length == 0;
        if (computed || none && node.whole("noop_with_empty_axes", 0) != 0) {
            return shape;
        }
        return reduced(node, shape, none ? null : axes);
    }

    /** Without axes, all of them. */
    private static long[] reduced(NodeInputs node, long[] shape, long @Nullable [] axes) {
        if (node.whole("keepdims", 1) == 0) {
            return without(shape, axes, true);
        }
        for (int i = 0; i < shape.length; i++) {
            shape[i] = axes == null || isAmong(i, axes, shape.length) ? 1 : shape[i];
        }
        return shape;
    }

    /** Without some dimensions; which they are if nobody says so: all, or those of size 1. */
    private static long[] without(long[] shape, long @Nullable [] axes, boolean all) {
        long[] left = new long[shape.length];
        int count = 0;
        for (int i = 0; i < shape.length; i++) {
            boolean goes = axes == null ? all || shape[i] == 1 : isAmong(i, axes, shape.length);
            if (!goes) {
                left[count++] = shape[i];
            }
        }
        return Arrays.copyOf(left, count);
    }

    private static boolean isAmong(int dimension, long[] axes, int rank) {
        for (long axis : axes) {
            if (axis(axis, rank) == dimension) {
                return true;
            }
        }
        return false;
    }

    private static int axis(long axis, int rank) {
        long at = axis < 0 ? axis + rank : axis;
        return at < 0 || at >= rank ? -1 : (int) at;
    }
}
