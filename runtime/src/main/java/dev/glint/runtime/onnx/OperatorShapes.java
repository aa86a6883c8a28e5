package dev.glint.runtime.onnx;

import static dev.glint.runtime.onnx.NodeShapes.MAX_RANK;
import static dev.glint.runtime.onnx.NodeShapes.elements;
import static dev.glint.runtime.onnx.NodeShapes.plus;
import static dev.glint.runtime.onnx.NodeShapes.times;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The rule of each operator for the shape of its first output (onnx.ai, Operators.md); nothing where what it needs is not known. */
final class OperatorShapes {
    private OperatorShapes() {}

    static long @Nullable [] shape(NodeInputs node) {
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
            case "RandomNormalLike", "RandomUniformLike", "EyeLike", "Bernoulli" -> copy(node);
            case "Multinomial" -> multinomial(node);
            case "HannWindow", "HammingWindow", "BlackmanWindow" -> window(node);
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
            case "MatMul", "MatMulInteger" -> matMul(node, 1);
            case "QLinearMatMul" -> matMul(node, 3);
            case "Gemm" -> gemm(node);
            case "Conv", "ConvInteger", "QLinearConv", "ConvTranspose", "MaxPool", "AveragePool", "LpPool" ->
                WindowShape.shape(node);
            case "GlobalAveragePool", "GlobalMaxPool" -> globalPool(node);
            default -> PartShapes.shape(node);
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

    private static long @Nullable [] multinomial(NodeInputs node) {
        long[] shape = node.shape(0);
        return shape == null || shape.length != 2 ? null : new long[] {shape[0], node.whole("sample_size", 1)};
    }

    private static long @Nullable [] window(NodeInputs node) {
        double[] size = node.numbers(0);
        return size == null || size.length != 1 ? null : new long[] {(long) size[0]};
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
        long[] shape = copy(node);
        long[] axes = node.wholes("axes");
        long[] sizes = node.count() > 3 ? node.integers(3) : null;
        double[] scales = null;
        if (sizes == null || sizes.length == 0) {
            sizes = null;
            scales = node.count() == 1 ? node.reals("scales") : node.numbers(node.count() == 2 ? 1 : 2);
        } else if (axes == null) {
            return sizes;
        }
        int resized = sizes != null ? sizes.length : scales != null ? scales.length : -1;
        if (shape == null || resized != (axes == null ? shape.length : axes.length)) {
            return null;
        }
        for (int i = 0; i < resized; i++) {
            long axis = axes == null ? i : axes[i] < 0 ? axes[i] + shape.length : axes[i];
            if (axis < 0 || axis >= shape.length) {
                return null;
            }
            long size = shape[(int) axis];
            shape[(int) axis] = sizes != null ? sizes[i] : scales != null ? (long) (size * scales[i]) : size;
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

    private static long @Nullable [] matMul(NodeInputs node, int other) {
        long[] left = node.shape(0);
        long[] right = node.shape(other);
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
}
