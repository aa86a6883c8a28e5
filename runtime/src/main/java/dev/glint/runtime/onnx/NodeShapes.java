package dev.glint.runtime.onnx;

import java.util.Arrays;
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

    private static final int MAX_RANK = 32;
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

    /** Learns what a node gives, all nodes before it being known; gives the shape of its first output, if that follows. */
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
        long[] shape = shape(new NodeInputs(node, this));
        if (shape == null || shape.length > MAX_RANK) {
            return null;
        }
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] < 0) {
                return null;
            }
            shape[i] = clamp(shape[i]);
        }
        shapes.put(output, shape);
        return shape;
    }

    /** What a node gives that only passes on what the file holds. */
    private @Nullable Initializer constant(OnnxNode node) {
        if (node.operator().equals("Identity") && node.inputs().size() == 1) {
            return constants.get(node.inputs().get(0));
        }
        if (node.operator().equals("Constant")) {
            for (OnnxAttribute attribute : node.attributes()) {
                if (attribute instanceof OnnxAttribute.Constant constant) {
                    return constant.value();
                }
            }
        }
        return null;
    }

    /** What the file holds as a value; empty if it is computed. */
    @Nullable Initializer constant(String value) {
        return constants.get(value);
    }

    private static long @Nullable [] shape(NodeInputs node) {
        return switch (node.operator()) {
            case "Relu",
                    "LeakyRelu",
                    "Elu",
                    "Selu",
                    "Sigmoid",
                    "Tanh",
                    "Clip",
                    "HardSigmoid",
                    "HardSwish",
                    "Erf",
                    "Gelu" -> copy(node);
            case "Abs", "Neg", "Exp", "Log", "Sqrt", "Reciprocal", "Floor", "Ceil", "Round", "Softplus", "Softsign" ->
                copy(node);
            case "QuantizeLinear", "DequantizeLinear", "Cast", "Identity", "Not", "Dropout", "LRN" -> copy(node);
            case "Softmax", "LogSoftmax", "BatchNormalization", "InstanceNormalization", "LayerNormalization" ->
                copy(node);
            case "Add", "Sub", "Mul", "Div", "Pow", "PRelu", "Where", "Max", "Min", "Sum", "Mean" -> broadcast(node);
            case "And", "Or", "Xor", "Equal", "Greater", "Less", "GreaterOrEqual", "LessOrEqual", "Mod" ->
                broadcast(node);
            case "ConstantOfShape" -> node.integers(0);
            case "RandomNormal", "RandomUniform" -> node.wholes("shape");
            case "Expand" -> expand(node);
            case "Tile" -> tile(node);
            case "Range" -> range(node);
            case "OneHot" -> oneHot(node);
            case "Pad" -> pad(node);
            case "Resize", "Upsample" -> resize(node);
            case "Concat" -> concat(node);
            case "Gather" -> gather(node);
            case "Reshape" -> reshape(node);
            case "Flatten" -> flatten(node);
            case "Transpose" -> transpose(node);
            case "Unsqueeze" -> unsqueeze(node);
            case "MatMul" -> matMul(node);
            case "Gemm" -> gemm(node);
            case "Conv", "ConvTranspose", "MaxPool", "AveragePool", "LpPool" -> WindowShape.shape(node);
            case "GlobalAveragePool", "GlobalMaxPool" -> globalPool(node);
            default -> null;
        };
    }

    private static long @Nullable [] copy(NodeInputs node) {
        long[] shape = node.shape(0);
        return shape == null ? null : shape.clone();
    }

    private static long @Nullable [] broadcast(NodeInputs node) {
        long[] all = copy(node);
        for (int i = 1; all != null && i < node.count(); i++) {
            long[] shape = node.shape(i);
            all = shape == null ? null : broadcast(all, shape);
        }
        return all;
    }

    private static long[] broadcast(long[] one, long[] other) {
        long[] all = (one.length >= other.length ? one : other).clone();
        long[] fewer = one.length >= other.length ? other : one;
        int shift = all.length - fewer.length;
        for (int i = 0; i < fewer.length; i++) {
            all[shift + i] = all[shift + i] == 1 ? fewer[i] : all[shift + i];
        }
        return all;
    }

    private static long @Nullable [] expand(NodeInputs node) {
        long[] target = node.integers(1);
        long[] shape = node.shape(0);
        return target == null || shape == null ? target : broadcast(target, shape);
    }

    private static long @Nullable [] tile(NodeInputs node) {
        long[] repeats = node.integers(1);
        long[] shape = node.shape(0);
        for (int i = 0; repeats != null && shape != null && i < Math.min(repeats.length, shape.length); i++) {
            repeats[i] = times(shape[i], repeats[i]);
        }
        return repeats;
    }

    private static long @Nullable [] range(NodeInputs node) {
        double[] start = node.numbers(0);
        double[] limit = node.numbers(1);
        double[] delta = node.numbers(2);
        if (start == null || limit == null || delta == null || start.length * limit.length * delta.length != 1) {
            return null;
        }
        return new long[] {(long) Math.max(0, Math.ceil((limit[0] - start[0]) / delta[0]))};
    }

    private static long @Nullable [] oneHot(NodeInputs node) {
        long[] indices = node.shape(0);
        double[] depth = node.numbers(1);
        if (indices == null || depth == null || depth.length != 1) {
            return null;
        }
        long[] shape = Arrays.copyOf(indices, indices.length + 1);
        shape[indices.length] = (long) depth[0];
        return shape;
    }

    private static long @Nullable [] pad(NodeInputs node) {
        long[] pads = node.count() > 1 ? node.integers(1) : node.wholes("pads");
        long[] shape = copy(node);
        if (pads == null || shape == null) {
            return null;
        }
        long[] axes = node.count() > 3 ? node.integers(3) : null;
        int padded = pads.length / 2;
        for (int i = 0; i < padded; i++) {
            long axis = axes == null ? i : i < axes.length ? axes[i] : shape.length;
            axis += axis < 0 ? shape.length : 0;
            if (axis >= 0 && axis < shape.length) {
                shape[(int) axis] = plus(shape[(int) axis], plus(pads[i], pads[padded + i]));
            }
        }
        return shape;
    }

    private static long @Nullable [] resize(NodeInputs node) {
        long[] sizes = node.count() > 3 ? node.integers(3) : null;
        if (sizes != null && sizes.length > 0) {
            return sizes;
        }
        double[] scales = node.count() == 1 ? node.reals("scales") : node.numbers(node.count() == 2 ? 1 : 2);
        long[] shape = copy(node);
        if (scales == null || shape == null || scales.length != shape.length) {
            return null;
        }
        for (int i = 0; i < shape.length; i++) {
            shape[i] = (long) (shape[i] * scales[i]);
        }
        return shape;
    }

    private static long @Nullable [] concat(NodeInputs node) {
        long[] all = copy(node);
        if (all == null) {
            return null;
        }
        int axis = node.axis("axis", all.length, 0);
        for (int i = 1; i < node.count(); i++) {
            long[] shape = node.shape(i);
            if (axis < 0 || shape == null || shape.length != all.length) {
                return null;
            }
            all[axis] = plus(all[axis], shape[axis]);
        }
        return all;
    }

    private static long @Nullable [] gather(NodeInputs node) {
        long[] data = node.shape(0);
        long[] indices = node.shape(1);
        if (data == null || indices == null) {
            return null;
        }
        int axis = node.axis("axis", data.length, 0);
        if (axis < 0) {
            return null;
        }
        long[] shape = Arrays.copyOf(data, data.length - 1 + indices.length);
        System.arraycopy(indices, 0, shape, axis, indices.length);
        System.arraycopy(data, axis + 1, shape, axis + indices.length, data.length - axis - 1);
        return shape;
    }

    private static long @Nullable [] reshape(NodeInputs node) {
        long[] target = node.count() > 1 ? node.integers(1) : node.wholes("shape");
        long[] shape = node.shape(0);
        if (target == null || shape == null) {
            return null;
        }
        int open = -1;
        long rest = elements(shape);
        for (int i = 0; i < target.length; i++) {
            if (target[i] == 0 && i < shape.length) {
                target[i] = shape[i];
            }
            open = target[i] == -1 ? i : open;
            rest = target[i] > 0 ? rest / target[i] : rest;
        }
        if (open >= 0) {
            target[open] = rest;
        }
        // Another number of elements is refused by every engine.
        return elements(target) == elements(shape) ? target : null;
    }

    private static long @Nullable [] flatten(NodeInputs node) {
        long[] shape = node.shape(0);
        if (shape == null) {
            return null;
        }
        int axis = node.whole("axis", 1) == shape.length ? shape.length : node.axis("axis", shape.length, 1);
        return axis < 0
                ? null
                : new long[] {
                    elements(Arrays.copyOf(shape, axis)), elements(Arrays.copyOfRange(shape, axis, shape.length))
                };
    }

    private static long @Nullable [] transpose(NodeInputs node) {
        long[] shape = node.shape(0);
        long[] order = node.wholes("perm");
        if (shape == null || order != null && order.length != shape.length) {
            return null;
        }
        long[] turned = new long[shape.length];
        for (int i = 0; i < turned.length; i++) {
            long from = order == null ? turned.length - 1 - i : order[i];
            if (from < 0 || from >= shape.length) {
                return null;
            }
            turned[i] = shape[(int) from];
        }
        return turned;
    }

    private static long @Nullable [] unsqueeze(NodeInputs node) {
        long[] shape = node.shape(0);
        long[] axes = node.count() > 1 ? node.integers(1) : node.wholes("axes");
        if (shape == null || axes == null || shape.length + axes.length > MAX_RANK) {
            return null;
        }
        long[] wider = new long[shape.length + axes.length];
        for (long axis : axes) {
            long at = axis < 0 ? axis + wider.length : axis;
            if (at < 0 || at >= wider.length) {
                return null;
            }
            wider[(int) at] = 1;
        }
        int next = 0;
        for (int i = 0; i < wider.length && next < shape.length; i++) {
            if (wider[i] == 0) {
                wider[i] = shape[next++];
            }
        }
        return wider;
    }

    private static long @Nullable [] matMul(NodeInputs node) {
        long[] left = node.shape(0);
        long[] right = node.shape(1);
        if (left == null || right == null || left.length < 2 || right.length < 2) {
            return null;
        }
        long[] shape = broadcast(Arrays.copyOf(left, left.length - 2), Arrays.copyOf(right, right.length - 2));
        shape = Arrays.copyOf(shape, shape.length + 2);
        shape[shape.length - 2] = left[left.length - 2];
        shape[shape.length - 1] = right[right.length - 1];
        return shape;
    }

    private static long @Nullable [] gemm(NodeInputs node) {
        long[] left = node.shape(0);
        long[] right = node.shape(1);
        if (left == null || right == null || left.length != 2 || right.length != 2) {
            return null;
        }
        return new long[] {left[node.whole("transA", 0) == 0 ? 0 : 1], right[node.whole("transB", 0) == 0 ? 1 : 0]};
    }

    private static long @Nullable [] globalPool(NodeInputs node) {
        long[] shape = copy(node);
        if (shape != null && shape.length > 2) {
            Arrays.fill(shape, 2, shape.length, 1);
        }
        return shape;
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
