package dev.glint.onnx.trace;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import dev.glint.exporter.testing.Differential;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.weights.block.BlockWeights;
import dev.glint.trainer.weights.block.StateDict;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every architecture of the trainer goes through the tracer, and ONNX Runtime computes what DJL does. */
class ArchitectureTraceTest {
    @ParameterizedTest
    @CsvSource({
        "BAR_CNN, 12",
        "SMALL_VGG, 32",
        "SIMPLE_CNN, 32",
        "MLP, 32",
        "RESNET8, 32",
        "RESNET18, 64",
        "RESNET18_CIFAR, 16",
        "RESNET34, 32",
        "RESNET50, 32",
        "MOBILENET_V3_SMALL, 64",
        "EFFICIENTNET_B0, 64",
    })
    void computesTheSame(Architecture architecture, int side) {
        check(architecture, side);
    }

    @ParameterizedTest
    @CsvSource({"SIMPLE_CNN_224, 32", "VGG16, 32", "VIT_B_16, 224"})
    void computesTheSameWhenLarge(Architecture architecture, int side) {
        Assumptions.assumeTrue(Boolean.getBoolean("glint.large"), "large models run with -Dglint.large=true");
        check(architecture, side);
    }

    private static void check(Architecture architecture, int side) {
        int channels = architecture.input().channels();
        try (NDManager manager = TorchEngine.newManager(1)) {
            Block block = architecture.build(7);
            BlockWeights.initialize(
                    block, manager, new Shape(1, channels, side, side), architecture.initialization(), new Random(1));
            shake(block);
            Differential.checkInitialized(block, manager, channels, side, side);
        }
    }

    /** Moves every bias, every statistic and what begins at 0 away from where it begins. */
    private static void shake(Block block) {
        Random random = new Random(2);
        for (Parameter parameter : StateDict.parameters(block).values()) {
            if (parameter.getType() != Parameter.Type.WEIGHT
                    || parameter.getShape().get(0) == 7) {
                float[] values = parameter.getArray().toFloatArray();
                for (int i = 0; i < values.length; i++) {
                    values[i] += 0.1f * random.nextFloat();
                }
                BlockWeights.set(parameter.getArray(), values);
            }
        }
    }
}
