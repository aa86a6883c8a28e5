package dev.glint.trainer.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.weights.block.BlockWeights;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Networks of every build are run layer by layer. */
final class FeatureMapsTest {

    private static List<FeatureMaps.Layer> layers(Architecture architecture, int side) {
        try (NDManager manager = TorchEngine.newManager(1)) {
            Block block = architecture.build(10);
            Shape input = new Shape(1, 3, side, side);
            BlockWeights.initialize(block, manager, input, BlockWeights.drawn(new Random(5)));
            return FeatureMaps.trace(block, manager.ones(input), manager);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SMALL_VGG", "SIMPLE_CNN", "RESNET8", "RESNET18_CIFAR", "MOBILENET_V3_SMALL"})
    void convolutionalNetsShowLayersFromLargeToSmall(Architecture architecture) {
        List<FeatureMaps.Layer> layers = layers(architecture, 32);
        assertTrue(layers.size() >= 4 && layers.size() <= 10, "layers: " + layers.size());
        for (int i = 1; i < layers.size(); i++) {
            assertTrue(
                    layers.get(i).height() <= layers.get(i - 1).height(),
                    layers.get(i).name());
        }
        for (FeatureMaps.Layer layer : layers) {
            assertEquals(Math.min(16, layer.channels()), layer.maps().size());
        }
    }

    @Test
    void aResidualBlockIsOneLayer() {
        List<String> names = layers(Architecture.RESNET8, 32).stream()
                .map(FeatureMaps.Layer::name)
                .toList();
        assertEquals(4, names.size(), names.toString());
        assertEquals("relu", names.get(0));
    }

    @Test
    void aNetWithoutConvolutionsHasNone() {
        assertEquals(List.of(), layers(Architecture.MLP, 32));
    }
}
