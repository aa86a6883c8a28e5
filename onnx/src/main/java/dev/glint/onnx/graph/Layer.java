package dev.glint.onnx.graph;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/**
 * A convolution, or a linear layer {@code y = x W^T + b}, with weights and bias that are known.
 *
 * @param node a {@code Conv}, or a {@code Gemm} that is no more than a linear layer
 * @param weight floats, shape (out, ...)
 * @param bias one float per output channel, or one for all; empty for a layer without
 */
public record Layer(Node node, Tensor weight, Optional<Tensor> bias) {
    /** The input of the node that is the weight. */
    public static final int WEIGHT = 1;
    /** The input of the node that is the bias. */
    public static final int BIAS = 2;

    /**
     * Reads a node as a layer; empty if it is none.
     *
     * @param constants gives a constant by its name
     */
    public static Optional<Layer> read(Node node, Function<String, Optional<Tensor>> constants) {
        if (!node.isOperator("Conv") && !isLinear(node)) {
            return Optional.empty();
        }
        Optional<Tensor> weight = constants.apply(node.input(WEIGHT)).filter(Layer::isFloat);
        Optional<Tensor> bias = constants.apply(node.input(BIAS)).filter(Layer::isFloat);
        if (weight.isEmpty() || weight.get().shape().isEmpty()) {
            return Optional.empty();
        }
        boolean fits = node.input(BIAS).isEmpty()
                || bias.isPresent()
                        && isPerChannel(bias.get(), weight.get().shape().get(0));
        return fits ? Optional.of(new Layer(node, weight.get(), bias)) : Optional.empty();
    }

    private static boolean isLinear(Node node) {
        return node.isOperator("Gemm")
                && node.integer("transA", 0) == 0
                && node.integer("transB", 0) == 1
                && node.real("alpha", 1) == 1
                && node.real("beta", 1) == 1;
    }

    private static boolean isFloat(Tensor tensor) {
        return tensor.type() == ElementType.FLOAT;
    }

    /** One value for all or one per channel, in the last dimension: no other for each picture of a batch. */
    private static boolean isPerChannel(Tensor bias, long channels) {
        int last = bias.shape().size() - 1;
        return bias.size() == 1 || bias.size() == channels && bias.shape().get(last) == channels;
    }

    /** The number of output channels. */
    public int channels() {
        return weight.shape().get(0).intValue();
    }

    /** A bias for each output channel; 0 for a layer without. */
    public float[] biasPerChannel() {
        float[] values = bias.map(Tensor::toFloats).orElse(new float[1]);
        if (values.length == channels()) {
            return values;
        }
        float[] perChannel = new float[channels()];
        Arrays.fill(perChannel, values[0]);
        return perChannel;
    }
}
