package dev.glint.trainer.model;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import dev.glint.runtime.GlintException;
import dev.glint.runtime.GlintException.Reason;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The networks that can be fitted. Each takes (N, C, H, W) floats and gives (N, classes) logits. */
public enum Architecture {
    /** Two convolutions with bias (8 and 16 channels, 3x3, padded), each with ReLU and 2x2 max-pool, and a linear layer. */
    BAR_CNN {
        @Override
        public Block build(int classes) {
            return new Sequence()
                    .add("conv1", convolution(8, true))
                    .add("relu1", Activation.reluBlock())
                    .add("pool1", halvingPool())
                    .add("conv2", convolution(16, true))
                    .add("relu2", Activation.reluBlock())
                    .add("pool2", halvingPool())
                    .add("flatten", Blocks.batchFlattenBlock())
                    .add("fc", Linear.builder().setUnits(classes).build());
        }
    },

    /**
     * Three stages (64, 128 and 256 channels) of two 3x3 convolutions without bias, each with batch norm and ReLU, and
     * a 2x2 max-pool; then global average pool and a linear layer.
     */
    SMALL_VGG {
        @Override
        public Block build(int classes) {
            Sequence features = new Sequence();
            for (int channels : new int[] {64, 128, 256}) {
                for (int i = 0; i < 2; i++) {
                    features.add(convolution(channels, false))
                            .add(BatchNorm.builder().build())
                            .add(Activation.reluBlock());
                }
                features.add(halvingPool());
            }
            return new Sequence()
                    .add("features", features)
                    .add("pool", Pool.globalAvgPool2dBlock())
                    .add("flatten", Blocks.batchFlattenBlock())
                    .add("classifier", Linear.builder().setUnits(classes).build());
        }
    };

    /**
     * Builds the network; it is not initialized, and takes the channels and the size of its input when it is.
     *
     * @param classes how many logits, at least 2
     */
    public abstract Block build(int classes);

    /** The name on the command line, such as {@code small-vgg}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** All names, for help texts and errors. */
    public static String ids() {
        return Arrays.stream(values()).map(Architecture::id).collect(Collectors.joining(", "));
    }

    /**
     * The architecture of a name.
     *
     * @throws GlintException ({@code USAGE}) if there is none
     */
    public static Architecture of(String id) {
        return Arrays.stream(values())
                .filter(architecture -> architecture.id().equals(id))
                .findFirst()
                .orElseThrow(() -> GlintException.of(
                        Reason.USAGE, "the model '" + id + "'", "one of " + ids(), "correct the name of the model"));
    }

    private static Block convolution(int channels, boolean bias) {
        return Conv2d.builder()
                .setFilters(channels)
                .setKernelShape(new Shape(3, 3))
                .optPadding(new Shape(1, 1))
                .optBias(bias)
                .build();
    }

    private static Block halvingPool() {
        return Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2));
    }
}
