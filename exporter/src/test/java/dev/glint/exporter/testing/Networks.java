package dev.glint.exporter.testing;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.glint.trainer.model.Sequence;
import dev.glint.trainer.weights.block.BlockWeights;
import java.util.List;
import java.util.Random;

/** Small networks of well-known shapes, built from DJL's own blocks, lambdas and parallel blocks included. */
public final class Networks {
    private Networks() {}

    /** Random weights, and batch norm statistics that are not the identity. */
    public static Block initialized(Block block, NDManager manager, long... picture) {
        Random random = new Random(7);
        BlockWeights.Source he = BlockWeights.drawn(random);
        BlockWeights.Source source = (name, type, shape) -> {
            float[] values = he.values(name, type, shape);
            for (int i = 0; type != Parameter.Type.WEIGHT && i < values.length; i++) {
                values[i] = 0.5f + random.nextFloat();
            }
            return values;
        };
        BlockWeights.initialize(block, manager, new Shape(1).addAll(new Shape(picture)), source);
        return block;
    }

    /** Sigmoids and average pools, as in 1998. */
    public static Block leNet() {
        return new SequentialBlock()
                .add(convolution(6, 5, 1, 2, 1, true))
                .add(Activation::sigmoid)
                .add(Pool.avgPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
                .add(convolution(16, 5, 1, 0, 1, true))
                .add(Activation::tanh)
                .add(Pool.avgPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(32).build())
                .add(Activation::relu)
                .add(Dropout.builder().optRate(0.5f).build())
                .add(Linear.builder().setUnits(10).optBias(false).build());
    }

    /** Batch-normalised convolutions with an addition across them, one of them strided with a projection. */
    public static Block resNet() {
        return new SequentialBlock()
                .add(convolution(8, 3, 1, 1, 1, false))
                .add(BatchNorm.builder().build())
                .add(Activation.reluBlock())
                .add(Pool.maxPool2dBlock(new Shape(3, 3), new Shape(2, 2), new Shape(1, 1)))
                .add(residual(8, 1))
                .add(residual(16, 2))
                .add(Pool.globalAvgPool2dBlock())
                .add(Linear.builder().setUnits(10).build());
    }

    private static Block residual(int channels, int stride) {
        Block body = new SequentialBlock()
                .add(convolution(channels, 3, stride, 1, 1, false))
                .add(BatchNorm.builder().build())
                .add(Activation.reluBlock())
                .add(convolution(channels, 3, 1, 1, 1, false))
                .add(BatchNorm.builder().build());
        Block shortcut = stride == 1
                ? Blocks.identityBlock()
                : new SequentialBlock()
                        .add(convolution(channels, 1, stride, 0, 1, false))
                        .add(BatchNorm.builder().build());
        return new SequentialBlock()
                .add(new ParallelBlock(
                        outputs -> new NDList(outputs.get(0)
                                .singletonOrThrow()
                                .add(outputs.get(1).singletonOrThrow())),
                        List.of(body, shortcut)))
                .add(Activation.reluBlock());
    }

    /** Two convolutions of different size, joined by their channels; logits from a convolution. */
    public static Block squeezeNet() {
        return new SequentialBlock()
                .add(convolution(8, 3, 2, 0, 1, true))
                .add(Activation.reluBlock())
                .add(Pool.maxPool2dBlock(new Shape(3, 3), new Shape(2, 2), new Shape(0, 0), true))
                .add(convolution(4, 1, 1, 0, 1, true))
                .add(Activation.reluBlock())
                .add(new ParallelBlock(
                        outputs -> new NDList(ai.djl.ndarray.NDArrays.concat(
                                new NDList(
                                        outputs.get(0).singletonOrThrow(),
                                        outputs.get(1).singletonOrThrow()),
                                1)),
                        List.of(
                                new SequentialBlock()
                                        .add(convolution(8, 1, 1, 0, 1, true))
                                        .add(Activation.reluBlock()),
                                new SequentialBlock()
                                        .add(convolution(8, 3, 1, 1, 1, true))
                                        .add(Activation.reluBlock()))))
                .add(convolution(10, 1, 1, 0, 1, true))
                .add(Activation.reluBlock())
                .add(Pool.globalAvgPool2dBlock());
    }

    /** Inverted residuals: depthwise convolutions between pointwise ones, ReLU6, a linear bottleneck. */
    public static Block mobileNet() {
        return new SequentialBlock()
                .add(convolution(8, 3, 2, 1, 1, false))
                .add(BatchNorm.builder().build())
                .add(Activation.relu6Block())
                .add(new ParallelBlock(
                        outputs -> new NDList(outputs.get(0)
                                .singletonOrThrow()
                                .add(outputs.get(1).singletonOrThrow())),
                        List.of(inverted(8, 24, 1), Blocks.identityBlock())))
                .add(inverted(16, 24, 2))
                .add(Pool.globalAvgPool2dBlock())
                .add(Linear.builder().setUnits(10).build());
    }

    private static Block inverted(int channels, int expanded, int stride) {
        return new SequentialBlock()
                .add(convolution(expanded, 1, 1, 0, 1, false))
                .add(BatchNorm.builder().build())
                .add(Activation.relu6Block())
                .add(convolution(expanded, 3, stride, 1, expanded, false))
                .add(BatchNorm.builder().build())
                .add(new LambdaBlock(list -> new NDList(list.singletonOrThrow().clip(0, 6))))
                .add(convolution(channels, 1, 1, 0, 1, false))
                .add(BatchNorm.builder().build());
    }

    /** Channels weighed by what is in them, between swish activations: EfficientNet's block. */
    public static Block squeezeAndExcitation() {
        Block excitation = new SequentialBlock()
                .add(Pool.globalAvgPool2dBlock())
                .add(LambdaBlock.singleton(x -> x.reshape(x.size(0), x.size(1), 1, 1)))
                .add(convolution(4, 1, 1, 0, 1, true))
                .add(Activation.swishBlock(1))
                .add(convolution(8, 1, 1, 0, 1, true))
                .add(Activation.sigmoidBlock());
        return new SequentialBlock()
                .add(convolution(8, 3, 2, 1, 1, true))
                .add(Activation.swishBlock(1))
                .add(new ParallelBlock(
                        outputs -> new NDList(outputs.get(0)
                                .singletonOrThrow()
                                .mul(outputs.get(1).singletonOrThrow())),
                        List.of(Blocks.identityBlock(), excitation)))
                .add(convolution(16, 1, 1, 0, 1, true))
                .add(Activation.swishBlock(1))
                .add(Pool.globalAvgPool2dBlock())
                .add(Linear.builder().setUnits(10).build());
    }

    /** An activation of several steps that have no integer form, between convolutions. */
    public static Block hardSwish() {
        Block activation = LambdaBlock.singleton(x -> x.mul(x.add(3).clip(0, 6).div(6)));
        return new SequentialBlock()
                .add(convolution(8, 3, 2, 1, 1, true))
                .add(activation)
                .add(convolution(8, 3, 1, 1, 8, true))
                .add(activation)
                .add(convolution(16, 1, 1, 0, 1, true))
                .add(Pool.globalAvgPool2dBlock())
                .add(Linear.builder().setUnits(10).build());
    }

    /** No convolution at all, and a batch norm over features. */
    public static Block perceptron() {
        return new Sequence()
                .add("flatten", Blocks.batchFlattenBlock())
                .add("hidden", Linear.builder().setUnits(24).build())
                .add("norm", BatchNorm.builder().build())
                .add("activation", Activation.geluBlock())
                .add("head", Linear.builder().setUnits(10).build());
    }

    /** A layer applied to its own output. */
    public static Block twice(Block layer) {
        return new Sequence().add("first", layer).add("second", layer);
    }

    /** Layers one behind the other, of which the block that has them says nothing. */
    public static Block hiding(Block... layers) {
        return new LambdaBlock(inputs -> inputs, "hiding") {
            @Override
            protected NDList forwardInternal(
                    ParameterStore parameters, NDList inputs, boolean training, PairList<String, Object> options) {
                NDList values = inputs;
                for (Block layer : layers) {
                    values = layer.forward(parameters, values, training);
                }
                return values;
            }
        };
    }

    /** A square convolution. */
    public static Conv2d convolution(int filters, int kernel, int stride, int padding, int groups, boolean bias) {
        return Conv2d.builder()
                .setFilters(filters)
                .setKernelShape(new Shape(kernel, kernel))
                .optStride(new Shape(stride, stride))
                .optPadding(new Shape(padding, padding))
                .optGroups(groups)
                .optBias(bias)
                .build();
    }
}
