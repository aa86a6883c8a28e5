package dev.glint.trainer.model;

import ai.djl.nn.Block;
import org.jspecify.annotations.Nullable;

/**
 * Residual networks (He et al., "Deep Residual Learning for Image Recognition", 2015), laid out as torchvision's: in a
 * bottleneck the 3x3 convolution has the stride.
 */
final class ResNet {
    /** How a network begins. */
    enum Stem {
        /** A 7x7 convolution with stride 2 and a max-pool: a quarter of the size. */
        IMAGENET,
        /** A 3x3 convolution with stride 1 and no pool, for small pictures. */
        CIFAR
    }

    private static final int[] WIDTHS = {64, 128, 256, 512};
    private static final int BOTTLENECK_EXPANSION = 4;
    /** Of the reference model of MLPerf Tiny, which is Keras's. */
    private static final float RESNET8_EPSILON = 1e-3f;

    private ResNet() {}

    static Block resnet18(int classes, Stem stem) {
        return build(classes, stem, false, 2, 2, 2, 2);
    }

    static Block resnet34(int classes, Stem stem) {
        return build(classes, stem, false, 3, 4, 6, 3);
    }

    static Block resnet50(int classes, Stem stem) {
        return build(classes, stem, true, 3, 4, 6, 3);
    }

    private static Block build(int classes, Stem stem, boolean bottleneck, int... depths) {
        boolean small = stem == Stem.CIFAR;
        Sequence net = new Sequence()
                .add("conv1", small ? Layers.plainConvolution(64, 3, 1) : Layers.plainConvolution(64, 7, 2))
                .add("bn1", new BatchNormalization())
                .add("relu", Layers.relu());
        if (!small) {
            net.add("maxpool", Layers.maxPool(3, 2, 1));
        }
        int channels = 64;
        for (int i = 0; i < depths.length; i++) {
            int outputs = bottleneck ? WIDTHS[i] * BOTTLENECK_EXPANSION : WIDTHS[i];
            Sequence layer = new Sequence();
            for (int j = 0; j < depths[i]; j++) {
                int stride = i > 0 && j == 0 ? 2 : 1;
                Sequence body = bottleneck ? bottleneck(WIDTHS[i], stride) : basic(WIDTHS[i], stride);
                layer.add(residual(body, stride == 1 && channels == outputs ? null : projection(outputs, stride)));
                channels = outputs;
            }
            net.add("layer" + (i + 1), layer);
        }
        return net.add("avgpool", Layers.globalAveragePool()).add("fc", Layers.linear(classes));
    }

    private static Sequence residual(Sequence body, @Nullable Block downsample) {
        return new Sequence().inline(Shortcut.sum(body, downsample)).add("relu", Layers.relu());
    }

    private static Sequence projection(int channels, int stride) {
        return Layers.sequence(Layers.plainConvolution(channels, 1, stride), new BatchNormalization());
    }

    private static Sequence basic(int channels, int stride) {
        return new Sequence()
                .add("conv1", Layers.plainConvolution(channels, 3, stride))
                .add("bn1", new BatchNormalization())
                .add("relu1", Layers.relu())
                .add("conv2", Layers.plainConvolution(channels, 3, 1))
                .add("bn2", new BatchNormalization());
    }

    private static Sequence bottleneck(int channels, int stride) {
        return new Sequence()
                .add("conv1", Layers.plainConvolution(channels, 1, 1))
                .add("bn1", new BatchNormalization())
                .add("relu1", Layers.relu())
                .add("conv2", Layers.plainConvolution(channels, 3, stride))
                .add("bn2", new BatchNormalization())
                .add("relu2", Layers.relu())
                .add("conv3", Layers.plainConvolution(channels * BOTTLENECK_EXPANSION, 1, 1))
                .add("bn3", new BatchNormalization());
    }

    /**
     * The image classification model of MLPerf Tiny (Banbury et al., "MLPerf Tiny Benchmark", 2021): one residual block
     * each of 16, 32 and 64 channels, convolutions with biases, projections without batch norm. Where a convolution
     * has stride 2, the padding is 1 on each side; Keras pads at the end only.
     */
    static Block resnet8(int classes) {
        Sequence net = new Sequence()
                .add("conv1", Layers.convolution(16))
                .add("bn1", new BatchNormalization(RESNET8_EPSILON, 0.1f))
                .add("relu", Layers.relu());
        for (int i = 0; i < 3; i++) {
            int channels = 16 << i;
            int stride = i == 0 ? 1 : 2;
            Sequence body = new Sequence()
                    .add("conv1", Layers.convolution(channels, 3, stride, 1, true))
                    .add("bn1", new BatchNormalization(RESNET8_EPSILON, 0.1f))
                    .add("relu1", Layers.relu())
                    .add("conv2", Layers.convolution(channels))
                    .add("bn2", new BatchNormalization(RESNET8_EPSILON, 0.1f));
            Block projection = i == 0 ? null : Layers.convolution(channels, 1, stride, 1, true);
            net.add("layer" + (i + 1), residual(body, projection));
        }
        return net.add("avgpool", Layers.globalAveragePool()).add("fc", Layers.linear(classes));
    }
}
