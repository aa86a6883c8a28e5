package dev.glint.trainer.qat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;

/**
 * ONNX operators on arrays with gradients, as the tracer writes them. Numbers that a gradient needs are operands, which
 * live as long as the block.
 */
final class GraphOperators {
    private static final Map<String, UnaryOperator<NDArray>> UNARY = Map.of(
            "Relu", Activation::relu,
            "Sigmoid", Activation::sigmoid,
            "Identity", x -> x,
            "Tanh", Activation::tanh);
    private static final Map<String, BinaryOperator<NDArray>> BINARY = Map.of(
            "Add", NDArray::add,
            "Sub", NDArray::sub,
            "Mul", NDArray::mul,
            "Div", NDArray::div,
            "Min", NDArrays::minimum,
            "Max", NDArrays::maximum);

    /** Inputs that decide how a node works, and are no operands. */
    private static final Map<String, Set<Integer>> SETTINGS =
            Map.of("Clip", Set.of(1, 2), "Reshape", Set.of(1), "Expand", Set.of(1), "ReduceSum", Set.of(1));

    /** A node on its operands. */
    @FunctionalInterface
    interface Operation {
        NDArray apply(List<NDArray> operands);
    }

    private GraphOperators() {}

    /** The inputs of a node that are arrays when it runs, in their order. */
    static List<String> operands(Node node) {
        Set<Integer> settings = node.domain().isEmpty() ? SETTINGS.getOrDefault(node.op(), Set.of()) : Set.of();
        List<String> operands = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            if (!settings.contains(i) && !node.input(i).isEmpty()) {
                operands.add(node.input(i));
            }
        }
        return operands;
    }

    /**
     * What a node does.
     *
     * @throws GlintException ({@code MODEL}) naming the node, if it is not known here
     */
    static Operation compile(Node node, GraphIndex index) {
        UnaryOperator<NDArray> unary = UNARY.get(node.op());
        BinaryOperator<NDArray> binary = BINARY.get(node.op());
        int operands = operands(node).size();
        if (!node.domain().isEmpty() || node.outputs().size() != 1) {
            throw unknown(node);
        } else if (unary != null) {
            return x -> unary.apply(x.get(0));
        } else if (binary != null && operands == 2) {
            return x -> binary.apply(x.get(0), x.get(1));
        }
        switch (node.op()) {
            case "Conv":
                return convolution(node);
            case "Gemm":
                return linear(node);
            case "MatMul":
                return x -> x.get(0).matMul(x.get(1));
            case "Clip":
                return clip(node, index);
            case "LeakyRelu":
                float slope = node.real("alpha", 0.01f);
                return slope == 0
                        ? x -> Activation.relu(x.get(0))
                        : x -> x.get(0).getNDArrayInternal().leakyRelu(slope);
            case "HardSwish":
                return x -> x.get(0).mul(hardSigmoid(x.get(0), 1 / 6f, 0.5f));
            case "HardSigmoid":
                return x -> hardSigmoid(x.get(0), node.real("alpha", 0.2f), node.real("beta", 0.5f));
            case "Softmax":
                return x -> x.get(0).softmax((int) node.integer("axis", -1));
            case "MaxPool":
                return maxPool(node);
            case "AveragePool":
                return averagePool(node);
            case "GlobalAveragePool":
                return x -> Pool.globalAvgPool2d(x.get(0))
                        .reshape(x.get(0).getShape().slice(0, 2).addAll(new Shape(1, 1)));
            case "Flatten":
                return x -> x.get(0).reshape(flattened(x.get(0).getShape(), (int) node.integer("axis", 1)));
            case "Reshape":
                return reshape(node, index);
            case "Expand":
                return expand(node, index);
            case "Transpose":
                int[] axes =
                        ints(node, "perm").stream().mapToInt(Long::intValue).toArray();
                return x -> x.get(0).transpose(axes);
            case "Concat":
                return x -> NDArrays.concat(new NDList(x), (int) node.integer("axis", 0));
            case "BatchNormalization":
                return batchNorm(node);
            default:
                throw unknown(node);
        }
    }

    private static GlintException unknown(Node node) {
        return GlintException.failure(
                Reason.MODEL,
                "the operator " + node,
                "operators of convolutional networks",
                "quantise this network without training it further, with exporter quantize");
    }

    private static Operation convolution(Node node) {
        Shape stride = shape(ints(node, "strides"));
        Shape padding = padding(node);
        Shape dilation = shape(ints(node, "dilations"));
        int groups = (int) node.integer("group", 1);
        return x -> Conv2d.conv2d(x.get(0), x.get(1), x.size() > 2 ? x.get(2) : null, stride, padding, dilation, groups)
                .singletonOrThrow();
    }

    private static Operation linear(Node node) {
        boolean plain = node.integer("transA", 0) == 0
                && node.integer("transB", 0) == 1
                && node.real("alpha", 1) == 1
                && node.real("beta", 1) == 1;
        if (!plain) {
            throw unknown(node);
        }
        return x -> Linear.linear(x.get(0), x.get(1), x.size() > 2 ? x.get(2) : null)
                .singletonOrThrow();
    }

    private static Operation clip(Node node, GraphIndex index) {
        float min = bound(node, 1, -Float.MAX_VALUE, index);
        float max = bound(node, 2, Float.MAX_VALUE, index);
        return x -> x.get(0).clip(min, max);
    }

    private static float bound(Node node, int input, float otherwise, GraphIndex index) {
        return node.input(input).isEmpty()
                ? otherwise
                : index.floatScalar(node.input(input)).orElseThrow(() -> unknown(node));
    }

    /** Its number is no operand of ONNX's, so the arrays are made here, in memory that a gradient may keep. */
    private static NDArray hardSigmoid(NDArray x, float alpha, float beta) {
        try (NDArray borrowed = x.getManager().create(alpha);
                NDArray factor = borrowed.duplicate()) {
            return x.mul(factor).add(beta).clip(0, 1);
        }
    }

    private static Operation maxPool(Node node) {
        Shape window = shape(ints(node, "kernel_shape"));
        Shape stride = shape(ints(node, "strides"));
        Shape padding = padding(node);
        boolean ceiling = node.integer("ceil_mode", 0) == 1;
        if (!ones(node, "dilations")) {
            throw unknown(node);
        }
        return x -> Pool.maxPool2d(x.get(0), window, stride, padding, ceiling);
    }

    private static Operation averagePool(Node node) {
        Shape window = shape(ints(node, "kernel_shape"));
        Shape stride = shape(ints(node, "strides"));
        Shape padding = padding(node);
        boolean padded = LongStream.of(padding.getShape()).anyMatch(pad -> pad > 0);
        // DJL's engine counts what it pads with, whatever it is told.
        if (padded && node.integer("count_include_pad", 0) == 0 || node.integer("ceil_mode", 0) == 1) {
            throw unknown(node);
        }
        return x -> Pool.avgPool2d(x.get(0), window, stride, padding, false, true);
    }

    private static Operation reshape(Node node, GraphIndex index) {
        long[] target = constant(node, index);
        if (node.integer("allowzero", 0) == 1) {
            throw unknown(node);
        }
        return x -> {
            long[] shape = target.clone();
            for (int i = 0; i < shape.length; i++) {
                shape[i] = shape[i] == 0 ? x.get(0).getShape().get(i) : shape[i];
            }
            return x.get(0).reshape(shape);
        };
    }

    private static Operation expand(Node node, GraphIndex index) {
        long[] target = constant(node, index);
        return x -> {
            long[] shape = target.clone();
            long[] own = x.get(0).getShape().getShape();
            if (own.length != shape.length) {
                throw unknown(node);
            }
            for (int i = 0; i < shape.length; i++) {
                shape[i] = shape[i] == 1 ? own[i] : shape[i];
            }
            return x.get(0).broadcast(new Shape(shape));
        };
    }

    private static long[] constant(Node node, GraphIndex index) {
        return index.constant(node.input(1)).map(Tensor::toLongs).orElseThrow(() -> unknown(node));
    }

    private static Operation batchNorm(Node node) {
        float epsilon = node.real("epsilon", 1e-5f);
        return x -> BatchNorm.batchNorm(x.get(0), x.get(3), x.get(4), x.get(1), x.get(2), -1, 0.9f, epsilon, false)
                .singletonOrThrow();
    }

    private static Shape flattened(Shape shape, int axis) {
        return new Shape(shape.slice(0, axis).size(), shape.slice(axis).size());
    }

    private static Shape padding(Node node) {
        List<Long> pads = ints(node, "pads");
        int half = pads.size() / 2;
        if (!pads.subList(0, half).equals(pads.subList(half, pads.size()))
                || node.attributes().containsKey("auto_pad")) {
            throw unknown(node);
        }
        return shape(pads.subList(0, half));
    }

    private static boolean ones(Node node, String attribute) {
        return !node.attributes().containsKey(attribute)
                || ints(node, attribute).stream().allMatch(value -> value == 1);
    }

    private static List<Long> ints(Node node, String attribute) {
        if (node.attributes().get(attribute) instanceof Attribute.Ints values) {
            return values.values();
        }
        throw unknown(node);
    }

    private static Shape shape(List<Long> sizes) {
        return new Shape(sizes.stream().mapToLong(Long::longValue).toArray());
    }
}
