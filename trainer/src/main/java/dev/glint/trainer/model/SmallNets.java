package dev.glint.trainer.model;

import ai.djl.nn.Block;
import dev.glint.trainer.model.Dropout.Unit;

/** The networks of the courses: few layers, small pictures. */
final class SmallNets {
    private static final float CONVOLUTION_DROPOUT = 0.25f;
    private static final float HEAD_DROPOUT = 0.5f;
    private static final int HIDDEN_UNITS = 512;

    private SmallNets() {}

    static Block barCnn(int classes) {
        return new Sequence()
                .add("conv1", Layers.convolution(8))
                .add("relu1", Layers.relu())
                .add("pool1", Layers.halvingPool())
                .add("conv2", Layers.convolution(16))
                .add("relu2", Layers.relu())
                .add("pool2", Layers.halvingPool())
                .add("flatten", Layers.flatten())
                .add("fc", Layers.linear(classes));
    }

    static Block smallVgg(int classes) {
        Sequence features = new Sequence();
        for (int channels : new int[] {64, 128, 256}) {
            for (int i = 0; i < 2; i++) {
                features.add(Layers.plainConvolution(channels, 3, 1))
                        .add(new BatchNormalization())
                        .add(Layers.relu());
            }
            features.add(Layers.halvingPool());
        }
        return new Sequence()
                .add("features", features)
                .add("pool", Layers.globalAveragePool())
                .add("flatten", Layers.flatten())
                .add("classifier", Layers.linear(classes));
    }

    static Block simpleCnn(int classes) {
        Sequence features = new Sequence();
        for (int channels : new int[] {32, 64}) {
            for (int i = 0; i < 2; i++) {
                features.add(Layers.convolution(channels))
                        .add(new BatchNormalization())
                        .add(Layers.relu());
            }
            features.add(Layers.halvingPool()).add(new Dropout(CONVOLUTION_DROPOUT, Unit.CHANNEL));
        }
        Sequence classifier = Layers.sequence(
                Layers.linear(HIDDEN_UNITS),
                new BatchNormalization(),
                Layers.relu(),
                new Dropout(HEAD_DROPOUT, Unit.VALUE),
                Layers.linear(classes));
        return new Sequence()
                .add("features", features)
                .add("flatten", Layers.flatten())
                .add("classifier", classifier);
    }

    static Block simpleCnn224(int classes) {
        Sequence features = new Sequence();
        for (int channels : new int[] {32, 64}) {
            features.add(Layers.convolution(channels)).add(Layers.relu()).add(Layers.halvingPool());
        }
        Sequence classifier = Layers.sequence(
                Layers.linear(HIDDEN_UNITS),
                Layers.relu(),
                new Dropout(HEAD_DROPOUT, Unit.VALUE),
                Layers.linear(classes));
        return new Sequence()
                .add("features", features)
                .add("flatten", Layers.flatten())
                .add("classifier", classifier);
    }

    static Block mlp(int classes) {
        return new Sequence()
                .add("flatten", Layers.flatten())
                .add("fc1", Layers.linear(HIDDEN_UNITS))
                .add("relu", Layers.relu())
                .add("fc2", Layers.linear(classes));
    }

    /** VGG-16 without batch norm: configuration D of Simonyan and Zisserman, laid out as torchvision's. */
    static Block vgg16(int classes) {
        Sequence features = new Sequence();
        int[][] stages = {{64, 64}, {128, 128}, {256, 256, 256}, {512, 512, 512}, {512, 512, 512}};
        for (int[] stage : stages) {
            for (int channels : stage) {
                features.add(Layers.convolution(channels)).add(Layers.relu());
            }
            features.add(Layers.halvingPool());
        }
        Sequence classifier = new Sequence();
        for (int i = 0; i < 2; i++) {
            classifier.add(Layers.linear(4096)).add(Layers.relu()).add(new Dropout(HEAD_DROPOUT, Unit.VALUE));
        }
        return new Sequence()
                .add("features", features)
                .add("avgpool", Layers.averagePoolTo(7))
                .add("flatten", Layers.flatten())
                .add("classifier", classifier.add(Layers.linear(classes)));
    }
}
