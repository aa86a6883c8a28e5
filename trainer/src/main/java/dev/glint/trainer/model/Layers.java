package dev.glint.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.engine.Scalars;
import java.util.Arrays;

/** The layers that the architectures are made of, over (N, C, H, W) unless they say otherwise. */
final class Layers {
    private Layers() {}

    /** A convolution whose padding keeps the size at stride 1; the kernel is odd. */
    static Block convolution(int filters, int kernel, int stride, int groups, boolean bias) {
        return Conv2d.builder()
                .setFilters(filters)
                .setKernelShape(new Shape(kernel, kernel))
                .optStride(new Shape(stride, stride))
                .optPadding(new Shape(kernel / 2, kernel / 2))
                .optGroups(groups)
                .optBias(bias)
                .build();
    }

    /** A 3x3 convolution with stride 1 and a bias. */
    static Block convolution(int filters) {
        return convolution(filters, 3, 1, 1, true);
    }

    /** A convolution without bias, for before batch norm. */
    static Block plainConvolution(int filters, int kernel, int stride) {
        return convolution(filters, kernel, stride, 1, false);
    }

    /** Over the last dimension. */
    static Block linear(int units) {
        return Linear.builder().setUnits(units).build();
    }

    static Block relu() {
        return Operator.elementwise("relu", Activation::relu);
    }

    /** x * sigmoid(x), known as swish too. */
    static Block silu() {
        return Operator.elementwise("silu", x -> x.mul(Activation.sigmoid(x)));
    }

    /** x * hardSigmoid(x). */
    static Block hardSwish() {
        return Operator.elementwise("hard-swish", x -> x.mul(hardSigmoid(x)), x -> x.mul(hardSigmoidInTraining(x)));
    }

    static Block sigmoid() {
        return Operator.elementwise("sigmoid", Activation::sigmoid);
    }

    static Block hardSigmoid() {
        return Operator.elementwise("hard-sigmoid", Layers::hardSigmoid, Layers::hardSigmoidInTraining);
    }

    /** Exact, with the error function. */
    static Block gelu() {
        return Operator.elementwise("gelu", Activation::gelu);
    }

    /** min(max(x + 3, 0), 6) / 6. */
    private static NDArray hardSigmoid(NDArray x) {
        return x.add(3).clip(0, 6).div(6);
    }

    private static NDArray hardSigmoidInTraining(NDArray x) {
        return x.add(3).clip(0, 6).div(Scalars.constant(6, x.getManager()));
    }

    static Block maxPool(int kernel, int stride, int padding) {
        Shape window = new Shape(kernel, kernel);
        Shape step = new Shape(stride, stride);
        Shape border = new Shape(padding, padding);
        return new Operator(
                "max-pool",
                x -> Pool.maxPool2d(x, window, step, border, false),
                shape -> new Shape(
                        shape.get(0),
                        shape.get(1),
                        (shape.get(2) + 2L * padding - kernel) / stride + 1,
                        (shape.get(3) + 2L * padding - kernel) / stride + 1));
    }

    /** 2x2 windows, side by side. */
    static Block halvingPool() {
        return maxPool(2, 2, 0);
    }

    /**
     * The means of {@code side x side} equal windows; a single pixel is repeated instead. As PyTorch's
     * {@code AdaptiveAvgPool2d}, for the sizes where its windows do not overlap.
     *
     * @throws GlintException ({@code USAGE}), when it learns the shape of its input, for other sizes
     */
    static Block averagePoolTo(int side) {
        return new Operator(
                "average-pool",
                x -> {
                    Shape shape = x.getShape();
                    Shape window = new Shape(shape.get(2) / side, shape.get(3) / side);
                    return shape.get(2) == 1
                            ? x.broadcast(new Shape(shape.get(0), shape.get(1), side, side))
                            : Pool.avgPool2d(x, window, window, new Shape(0, 0), false, true);
                },
                shape -> {
                    requireWindows(shape, side);
                    return new Shape(shape.get(0), shape.get(1), side, side);
                });
    }

    private static void requireWindows(Shape shape, int side) {
        boolean pixel = shape.get(2) == 1 && shape.get(3) == 1;
        boolean windows = shape.get(2) % side == 0 && shape.get(3) % side == 0;
        if (!pixel && !windows) {
            throw GlintException.failure(
                    Reason.USAGE,
                    "pictures that leave " + shape.get(3) + "x" + shape.get(2) + " features",
                    "1x1 or a multiple of " + side + "x" + side,
                    "choose another picture size for this model, such as its natural one");
        }
    }

    /** To (N, C). */
    static Block globalAveragePool() {
        return new Operator("global-average-pool", Pool::globalAvgPool2d, shape -> shape.slice(0, 2));
    }

    /** To (N, C, 1, 1). */
    static Block channelMeans() {
        return new Operator("channel-means", x -> Pool.globalAvgPool2d(x).reshape(means(x.getShape())), Layers::means);
    }

    private static Shape means(Shape shape) {
        return new Shape(shape.get(0), shape.get(1), 1, 1);
    }

    /** To (N, C * H * W). */
    static Block flatten() {
        return new Operator("flatten", x -> x.reshape(flattened(x.getShape())), Layers::flattened);
    }

    private static Shape flattened(Shape shape) {
        return new Shape(shape.get(0), shape.slice(1).size());
    }

    /** Blocks one after the other, named by their positions. */
    static Sequence sequence(Block... blocks) {
        Sequence sequence = new Sequence();
        Arrays.stream(blocks).forEach(sequence::add);
        return sequence;
    }
}
