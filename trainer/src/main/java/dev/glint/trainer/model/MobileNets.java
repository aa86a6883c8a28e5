package dev.glint.trainer.model;

import ai.djl.nn.Block;
import dev.glint.trainer.model.Dropout.Unit;
import dev.glint.trainer.model.InvertedResidual.Style;
import java.util.function.Supplier;

/** Networks of inverted residual blocks, laid out as torchvision's. */
final class MobileNets {
    private static final float DROPOUT = 0.2f;
    /** EfficientNet: the last block's probability to be skipped; it rises linearly to it. */
    private static final float DEPTH_DROPOUT = 0.2f;

    private MobileNets() {}

    /** MobileNetV3-Small (Howard et al., "Searching for MobileNetV3", 2019). */
    static Block mobilenetV3Small(int classes) {
        Style style = new Style(() -> new BatchNormalization(1e-3f, 0.01f), Layers::relu, Layers::hardSigmoid);
        Sequence features = Layers.sequence(style.convolution(16, 3, 2, 1, Layers::hardSwish));
        // Input, expanded and output channels, kernel, stride, squeeze and excitation, hard swish instead of ReLU.
        int[][] rows = {
            {16, 16, 16, 3, 2, 1, 0},
            {16, 72, 24, 3, 2, 0, 0},
            {24, 88, 24, 3, 1, 0, 0},
            {24, 96, 40, 5, 2, 1, 1},
            {40, 240, 40, 5, 1, 1, 1},
            {40, 240, 40, 5, 1, 1, 1},
            {40, 120, 48, 5, 1, 1, 1},
            {48, 144, 48, 5, 1, 1, 1},
            {48, 288, 96, 5, 2, 1, 1},
            {96, 576, 96, 5, 1, 1, 1},
            {96, 576, 96, 5, 1, 1, 1},
        };
        for (int[] row : rows) {
            int squeezed = row[5] == 1 ? multipleOfEight(row[1] / 4) : 0;
            Supplier<Block> activation = row[6] == 1 ? Layers::hardSwish : Layers::relu;
            features.add(
                    new InvertedResidual(row[0], row[1], row[2], row[3], row[4], squeezed, 0).build(style, activation));
        }
        features.add(style.convolution(576, 1, 1, 1, Layers::hardSwish));
        Sequence classifier = Layers.sequence(
                Layers.linear(1024), Layers.hardSwish(), new Dropout(DROPOUT, Unit.VALUE), Layers.linear(classes));
        return new Sequence()
                .add("features", features)
                .add("avgpool", Layers.globalAveragePool())
                .add("classifier", classifier);
    }

    /** The nearest multiple of 8, the next one where that is smaller by more than a tenth. */
    private static int multipleOfEight(int channels) {
        int nearest = Math.max(8, (channels + 4) / 8 * 8);
        return nearest < 0.9 * channels ? nearest + 8 : nearest;
    }

    /** EfficientNet-B0 (Tan and Le, "EfficientNet", 2019). */
    static Block efficientNetB0(int classes) {
        Style style = new Style(BatchNormalization::new, Layers::silu, Layers::sigmoid);
        Sequence features = Layers.sequence(style.convolution(32, 3, 2, 1, Layers::silu));
        // Expansion, kernel, stride of the first block, input and output channels, blocks.
        int[][] stages = {
            {1, 3, 1, 32, 16, 1},
            {6, 3, 2, 16, 24, 2},
            {6, 5, 2, 24, 40, 2},
            {6, 3, 2, 40, 80, 3},
            {6, 5, 1, 80, 112, 3},
            {6, 5, 2, 112, 192, 4},
            {6, 3, 1, 192, 320, 1},
        };
        int blocks = 16;
        int done = 0;
        for (int[] stage : stages) {
            Sequence layer = new Sequence();
            for (int i = 0; i < stage[5]; i++) {
                int inputs = i == 0 ? stage[3] : stage[4];
                int stride = i == 0 ? stage[2] : 1;
                float depthDropout = DEPTH_DROPOUT * done++ / blocks;
                layer.add(new InvertedResidual(
                                inputs, inputs * stage[0], stage[4], stage[1], stride, inputs / 4, depthDropout)
                        .build(style, Layers::silu));
            }
            features.add(layer);
        }
        features.add(style.convolution(1280, 1, 1, 1, Layers::silu));
        return new Sequence()
                .add("features", features)
                .add("avgpool", Layers.globalAveragePool())
                .add("classifier", Layers.sequence(new Dropout(DROPOUT, Unit.VALUE), Layers.linear(classes)));
    }
}
