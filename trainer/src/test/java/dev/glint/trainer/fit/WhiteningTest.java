package dev.glint.trainer.fit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.failure.GlintException;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.model.NaturalInput;
import dev.glint.trainer.weights.block.BlockWeights;
import dev.glint.trainer.weights.block.StateDict;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WhiteningTest {
    private final List<String> notes = new ArrayList<>();
    private static final DataSpec BARS = DataSpec.parse("bars");

    /** The bar CNN has 8 filters of 3x3, so the four largest components with both signs. */
    @Test
    void theFirstFiltersAnswerWithoutCorrelation() {
        DataSplit data = BARS.open(1);
        Preprocessor preprocessor = new Preprocessor(BARS.contract(NaturalInput.BARS, data.labels()));
        try (NDManager manager = TorchEngine.newManager(1)) {
            Block block = Architecture.BAR_CNN.build(2);
            BlockWeights.initialize(block, manager, new Shape(1, 1, 12, 12), BlockWeights.drawn(new Random(1)));
            float[] second = weights(block, 2);
            Whitening.apply(block, data.train(), preprocessor, notes::add);
            assertEquals(List.of("whitening the first convolution with the patches of 2000 training pictures"), notes);
            float[] filters = weights(block, 0);
            assertArrayEquals(second, weights(block, 2), "other layers stay");
            for (int j = 0; j < 36; j++) {
                assertEquals(-filters[j], filters[36 + j]);
            }
            double[][] moments = new double[4][4];
            int patches = 0;
            float[] picture = new float[144];
            for (int p = 0; p < data.train().size(); p++) {
                byte[] samples = data.train().pixels(p, preprocessor).samples();
                preprocessor.normalize(samples, 0, FloatBuffer.wrap(picture));
                for (int y = 0; y + 3 <= 12; y += 2) {
                    for (int x = 0; x + 3 <= 12; x += 2) {
                        double[] answers = new double[4];
                        for (int f = 0; f < 4; f++) {
                            for (int j = 0; j < 9; j++) {
                                answers[f] += filters[f * 9 + j] * picture[(y + j / 3) * 12 + x + j % 3];
                            }
                        }
                        for (int f = 0; f < 16; f++) {
                            moments[f / 4][f % 4] += answers[f / 4] * answers[f % 4];
                        }
                        patches++;
                    }
                }
            }
            for (int f = 0; f < 16; f++) {
                // A little below 1 on the diagonal, for the epsilon.
                assertEquals(
                        f / 4 == f % 4 ? 1 : 0, moments[f / 4][f % 4] / patches, 0.06, Arrays.deepToString(moments));
            }
        }
    }

    /** The work grows with the square of a patch's values: 11x11 takes thousands of times that of 3x3. */
    @Test
    void largeAndManyPatchesAreOfFewerPictures() {
        PreprocessContract small = NaturalInput.CIFAR.contract(List.of("a", "b"));
        PreprocessContract large = NaturalInput.IMAGENET.contract(List.of("a", "b"));
        assertEquals(5_000, Whitening.pictureCount(50_000, small, new Shape(64, 3, 3, 3)));
        assertEquals(700, Whitening.pictureCount(700, small, new Shape(64, 3, 3, 3)));
        int ofSevens = Whitening.pictureCount(50_000, large, new Shape(64, 3, 7, 7));
        assertTrue(ofSevens > 50 && ofSevens < 100, "pictures: " + ofSevens);
        assertEquals(1, Whitening.pictureCount(1, large, new Shape(64, 3, 11, 11)));
    }

    @Test
    void refusesPatchesWhoseComponentsTakeMinutes() {
        Whitening.requireSmall(3 * 11 * 11);
        GlintException failure = assertThrows(GlintException.class, () -> Whitening.requireSmall(3 * 16 * 16));
        assertTrue(failure.getMessage().contains("768 values"), failure.getMessage());
        assertTrue(failure.getMessage().contains("--no-whitening"), failure.getMessage());
    }

    @Test
    void refusesANetworkWithoutAFirstConvolution() {
        DataSplit data = BARS.open(1);
        Preprocessor preprocessor = new Preprocessor(BARS.contract(NaturalInput.BARS, data.labels()));
        try (NDManager manager = TorchEngine.newManager(1)) {
            Block block = Architecture.MLP.build(2);
            BlockWeights.initialize(block, manager, new Shape(1, 1, 12, 12), BlockWeights.drawn(new Random(1)));
            assertThrows(GlintException.class, () -> Whitening.apply(block, data.train(), preprocessor, notes::add));
        }
    }

    private static float[] weights(Block block, int place) {
        NDArray array = StateDict.parameters(block).values().stream()
                .skip(place)
                .findFirst()
                .orElseThrow()
                .getArray();
        return array.toFloatArray();
    }
}
