package dev.glint.onnx.testing;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.pooling.Pool;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** What a lambda block may do to an array. */
public final class Operators {
    /** Not in ONNX's operator set 17 as the exporter writes it. */
    public static final UnaryOperator<NDArray> UNSUPPORTED = x -> x.cumProd(1);

    private Operators() {}

    /** Operators on an array of shape (N, 4, 4, 4), whose result depends on it. */
    public static Stream<Named<UnaryOperator<NDArray>>> operators() {
        return Stream.of(
                operator("relu6", Activation::relu6),
                operator("leaky relu", x -> Activation.leakyRelu(x, 0.1f)),
                operator("prelu by hand", x -> {
                    NDArray slope = x.getManager().create(new float[] {1, 2, 3, 4}, new Shape(4, 1, 1));
                    return x.maximum(0).add(slope.mul(x.minimum(0)));
                }),
                operator("elu", x -> Activation.elu(x, 0.7f)),
                operator("selu", Activation::selu),
                operator("gelu", Activation::gelu),
                operator("silu", x -> Activation.swish(x, 1.5f)),
                operator("mish", Activation::mish),
                operator("softplus", Activation::softPlus),
                operator("softsign", Activation::softSign),
                operator("hard swish", x -> x.add(3).clip(0, 6).mul(x).div(6)),
                operator(
                        "hard sigmoid",
                        x -> NDArrays.minimum(NDArrays.maximum(x.add(3), 0), 6).div(6)),
                operator(
                        "arithmetic",
                        x -> x.neg()
                                .abs()
                                .add(1)
                                .log()
                                .exp()
                                .sqrt()
                                .square()
                                .sub(x)
                                .pow(2)),
                operator(
                        "reversed arithmetic",
                        x -> NDArrays.sub(2, NDArrays.div(3, x.square().add(1)))),
                operator("in place", x -> x.mul(1).addi(2).muli(x).subi(1).divi(4)),
                operator(
                        "logarithms",
                        x -> x.abs().add(1).log2().add(x.abs().add(2).log10())),
                operator(
                        "array of the block's manager",
                        x -> x.mul(x.getManager().create(new float[] {1, 2, 3, 4}))),
                operator(
                        "constants fold",
                        x -> x.mul(x.getManager().ones(new Shape(4)).mul(3).exp())),
                operator("other types", x -> x.add(x.getManager().create(new int[] {1, 2, 3, 4}))),
                operator("sums", x -> x.sum(new int[] {2}, true).add(x.mean(new int[] {3}, true))),
                operator("extremes", x -> x.max(new int[] {2}, true).sub(x.min(new int[] {3}, true))),
                operator("softmax", x -> x.softmax(1).add(x.logSoftmax(-1))),
                operator("transposed", x -> x.transpose(0, 3, 1, 2).swapAxes(1, 2)),
                operator("zeros as many as its own", x -> x.add(x.zerosLike()).mul(x.onesLike())),
                operator(
                        "constant for each picture",
                        x -> x.concat(x.getManager().ones(new Shape(x.size(0), 2, 4, 4)), 1)),
                operator(
                        "constant for each picture behind other dimensions",
                        x -> x.transpose(1, 0, 2, 3)
                                .concat(x.getManager().ones(new Shape(1, x.size(0), 4, 4)), 0)
                                .transpose(1, 0, 2, 3)),
                operator(
                        "made constant in front",
                        x -> x.getManager().create(new float[] {1, 2, 3, 4}).sub(x)),
                operator(
                        "in place on a copy",
                        x -> x.reshape(-1, 16)
                                .duplicate()
                                .addi(1)
                                .reshape(x.getShape())
                                .add(x)),
                operator("stretched", x -> x.sum(new int[] {1}, true).broadcast(x.getShape())),
                operator(
                        "reshaped",
                        x -> x.reshape(-1, 2, 2, 16).squeeze().expandDims(1).reshape(x.size(0), 4, 16)),
                operator(
                        "channel shuffle", x -> x.reshape(x.size(0), 2, 2, 4, 4).transpose(0, 2, 1, 3, 4)),
                operator("split and joined", x -> {
                    NDList parts = x.split(2, 1);
                    return parts.get(1).concat(parts.get(0), 1);
                }),
                operator(
                        "split unevenly",
                        x -> x.split(new long[] {1, 3}, 1).get(1).mul(2)),
                operator("stacked", x -> NDArrays.stack(new NDList(x, x.mul(2)), 1)),
                operator("sliced", x -> x.get(":, 1:, 0, ::2")),
                operator("sliced from the end", x -> x.get("..., -1")),
                operator("padded", x -> x.pad(new Shape(1, 2, 0, 1), 0.5)),
                operator("matrix product", x -> x.matMul(x.transpose(0, 1, 3, 2))),
                operator(
                        "max-pool in ceil mode",
                        x -> Pool.maxPool2d(x, new Shape(3, 3), new Shape(2, 2), new Shape(1, 1), true)),
                operator(
                        "mean-pool in ceil mode",
                        x -> Pool.avgPool2d(x, new Shape(3, 3), new Shape(2, 2), new Shape(1, 1), true, false)),
                operator(
                        "mean-pool in ceil mode, padding counted",
                        x -> Pool.avgPool2d(x, new Shape(3, 3), new Shape(2, 2), new Shape(1, 1), true, true)),
                operator(
                        "mean-pool in ceil mode without padding",
                        x -> Pool.avgPool2d(x, new Shape(3, 3), new Shape(2, 2), new Shape(0, 0), true, true)),
                operator(
                        "mean-pool with padding",
                        x -> Pool.avgPool2d(x, new Shape(3, 3), new Shape(2, 2), new Shape(1, 1), false, true)),
                operator("lp-pool", x -> Pool.lpPool2d(x, 2, new Shape(2, 2), new Shape(2, 2), new Shape(0, 0), false)),
                operator("global lp-pool", x -> Pool.globalLpPool2d(x, 2)),
                operator("global max-pool", Pool::globalMaxPool2d));
    }

    private static Named<UnaryOperator<NDArray>> operator(String name, UnaryOperator<NDArray> operator) {
        return Named.of(name, operator);
    }
}
