package dev.glint.trainer.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.trainer.augment.Augmentations;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.model.NaturalInput;
import dev.glint.trainer.recipe.OptimizerSettings;
import dev.glint.trainer.recipe.Recipe;
import dev.glint.trainer.recipe.Schedule;
import dev.glint.trainer.weights.block.BlockWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FitterTest {
    @Test
    void stepsLeaveNoArraysBehindAndAreCounted() {
        DataSpec spec = DataSpec.parse("bars");
        DataSplit all = spec.open(1);
        DataSplit data = new DataSplit(
                all.labels(), all.train().first(100), all.heldOut().first(30));
        try (NDManager manager = TorchEngine.newManager(1)) {
            Block block = Architecture.SMALL_VGG.build(2);
            BlockWeights.initialize(block, manager, new Shape(1, 1, 12, 12), BlockWeights.drawn(new Random(1)));
            Recipe recipe = Recipe.plain(
                    2,
                    32,
                    OptimizerSettings.plain(OptimizerSettings.Kind.SGD_NESTEROV, 0.05, 5e-4),
                    new Schedule(new Schedule.Cosine(), 0),
                    Augmentations.CROP_FLIP);
            Fitter fitter = new Fitter(
                    block, data, new Preprocessor(spec.contract(NaturalInput.BARS, data.labels())), recipe, 1, manager);
            int arrays = manager.getManagedArrays().size();
            List<Integer> steps = new ArrayList<>();
            EpochMetrics first = fitter.epoch(steps::add);
            assertEquals(List.of(1, 2, 3, 4), steps);
            assertEquals(100, first.train().pictures());
            assertEquals(30, first.heldOut().pictures());
            EpochMetrics second = fitter.epoch(step -> {});
            assertEquals(2, second.epoch());
            assertEquals(recipe.schedule().rates(0.05, 2, 4).rate(7), second.learningRate());
            assertTrue(second.learningRate() < first.learningRate());
            assertEquals(arrays, manager.getManagedArrays().size(), "arrays of the steps");
        }
    }
}
