package dev.glint.trainer.fit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.trainer.augment.Augmentations;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.model.NaturalInput;
import dev.glint.trainer.recipe.FineTuning;
import dev.glint.trainer.recipe.OptimizerSettings;
import dev.glint.trainer.recipe.OptimizerSettings.Kind;
import dev.glint.trainer.recipe.Recipe;
import dev.glint.trainer.recipe.Schedule;
import dev.glint.trainer.weights.block.BlockOutline;
import dev.glint.trainer.weights.block.BlockWeights;
import dev.glint.trainer.weights.block.StateDict;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the settings of a recipe do to a fit: of SmallVGG to a few bars. */
class RecipeFitTest {
    private static final DataSpec BARS = DataSpec.parse("bars");
    private static final DataSplit DATA = few(BARS.open(1));
    private static final Preprocessor PREPROCESSOR = new Preprocessor(BARS.contract(NaturalInput.BARS, DATA.labels()));
    private static final String CONVOLUTION = "features.3.weight";
    private static final String NORM = "features.1.weight";
    private static final String RUNNING_MEAN = "features.1.running_mean";

    private NDManager manager;

    private static DataSplit few(DataSplit all) {
        return new DataSplit(all.labels(), all.train().first(40), all.heldOut().first(20));
    }

    @BeforeEach
    void openEngine() {
        manager = TorchEngine.newManager(1);
    }

    @AfterEach
    void closeEngine() {
        manager.close();
    }

    private static Recipe recipe(int epochs, double clipNorm, double average, FineTuning fineTuning) {
        OptimizerSettings optimizer = new OptimizerSettings(Kind.SGD_NESTEROV, 0.05, 0.9, 5e-4, false, 4, clipNorm);
        Schedule schedule = new Schedule(new Schedule.Cosine(), 0);
        return new Recipe(
                epochs, 16, optimizer, schedule, 0.1, average, false, true, fineTuning, Augmentations.CROP_FLIP);
    }

    private Block block() {
        Block block = Architecture.SMALL_VGG.build(2);
        BlockWeights.initialize(block, manager, new Shape(1, 1, 12, 12), BlockWeights.drawn(new Random(1)));
        return block;
    }

    private Fitter fitter(Block block, Recipe recipe) {
        return new Fitter(block, DATA, PREPROCESSOR, recipe, 1, manager);
    }

    private static Map<String, float[]> values(Block block) {
        Map<String, float[]> values = new LinkedHashMap<>();
        StateDict.parameters(block)
                .forEach((name, parameter) ->
                        values.put(name, parameter.getArray().toFloatArray()));
        return values;
    }

    @Test
    void aFrozenBackboneStaysAndThawsWithItsOwnRate() {
        Block block = block();
        String head = StateDict.head(block) + ".";
        Map<String, float[]> before = values(block);
        Fitter fitter = fitter(block, recipe(3, 0, 0, new FineTuning(1, 0.005, false)));
        fitter.epoch(step -> {});
        Map<String, float[]> frozen = values(block);
        before.forEach((name, values) -> assertEquals(
                name.startsWith(head), !Arrays.equals(values, frozen.get(name)), name + " in a frozen backbone"));
        EpochMetrics second = fitter.epoch(step -> {});
        Map<String, float[]> thawed = values(block);
        before.forEach(
                (name, values) -> assertFalse(Arrays.equals(values, thawed.get(name)), name + " in a thawed backbone"));
        // The schedule begins again: the third and last step of two epochs' six.
        assertEquals(0.05 * (1 + Math.cos(Math.PI * 2 / 6)) / 2, second.learningRate(), 1e-12);
    }

    @Test
    void frozenBatchNormStaysInAThawedBackbone() {
        Block block = block();
        Map<String, float[]> before = values(block);
        Fitter fitter = fitter(block, recipe(2, 0, 0, new FineTuning(0, 0.005, true)));
        fitter.epoch(step -> {});
        Map<String, float[]> after = values(block);
        assertArrayEquals(before.get(NORM), after.get(NORM));
        assertArrayEquals(before.get(RUNNING_MEAN), after.get(RUNNING_MEAN));
        assertFalse(Arrays.equals(before.get(CONVOLUTION), after.get(CONVOLUTION)));
    }

    @Test
    void parametersHaveTheirOwnTreatment() {
        Block block = block();
        Map<String, Parameter> parameters = StateDict.parameters(block);
        Map<String, TrainedParameter> trained = TrainedParameter.select(
                recipe(2, 0, 0, new FineTuning(1, 0.005, false)), parameters, StateDict.head(block));
        assertFalse(trained.containsKey(RUNNING_MEAN));
        assertEquals(5e-4, trained.get(CONVOLUTION).weightDecay());
        assertEquals(0.1, trained.get(CONVOLUTION).rate(), 1e-12);
        assertEquals(0, trained.get(NORM).weightDecay());
        assertEquals(0.1, trained.get(NORM).rate(), 1e-12);
        assertEquals(0.4, trained.get("features.1.bias").rate(), 1e-12);
        assertEquals(1, trained.get(StateDict.head(block) + ".weight").rate());
        assertEquals(0, trained.get(StateDict.head(block) + ".bias").weightDecay());
    }

    @Test
    void embeddingsAndTokensDoNotDecay() {
        Block block = Architecture.VIT_B_16.build(2);
        BlockOutline.initialize(block, manager, new Shape(1, 3, 32, 32));
        Map<String, TrainedParameter> trained = TrainedParameter.select(
                recipe(1, 0, 0, FineTuning.NONE), StateDict.parameters(block), StateDict.head(block));
        assertEquals(0, trained.get("class_token").weightDecay());
        assertEquals(0, trained.get("encoder.pos_embedding").weightDecay());
        String first = "encoder.layers.encoder_layer_0.";
        assertEquals(0, trained.get(first + "ln_1.weight").weightDecay());
        assertEquals(5e-4, trained.get(first + "self_attention.in_proj_weight").weightDecay());
        assertEquals(0, trained.get(first + "self_attention.in_proj_bias").weightDecay());
        assertEquals(5e-4, trained.get("conv_proj.weight").weightDecay());
    }

    @Test
    void theAverageLagsBehindAndIsWhatIsJudged() {
        Block block = block();
        Recipe recipe = recipe(2, 0, 0.9, FineTuning.NONE);
        Fitter fitter = fitter(block, recipe);
        EpochMetrics epoch = fitter.epoch(step -> {});
        Map<String, float[]> own = values(block);
        assertArrayEquals(own.get(NORM), fitter.ownWeights().get(NORM).toFloatArray());
        Map<String, float[]> averages = new LinkedHashMap<>();
        fitter.weights().forEach((name, array) -> averages.put(name, array.toFloatArray()));
        assertFalse(Arrays.equals(own.get(CONVOLUTION), averages.get(CONVOLUTION)));
        StateDict.parameters(block)
                .forEach((name, parameter) -> BlockWeights.set(parameter.getArray(), averages.get(name)));
        assertEquals(epoch.heldOut(), Evaluator.evaluate(block, manager, PREPROCESSOR, DATA.heldOut(), true));
    }

    /** Against the recurrence in double precision: after n steps the decay is (1 + n) / (10 + n) until that exceeds it. */
    @Test
    void theAverageFollowsItsRecurrence() {
        Parameter parameter =
                Parameter.builder().setName("w").setType(Parameter.Type.WEIGHT).build();
        parameter.setArray(manager.create(new float[] {1, -2}));
        WeightAverage average = new WeightAverage(Map.of("w", parameter), 0.25, manager);
        double expected = 1;
        for (int n = 0; n < 5; n++) {
            BlockWeights.set(parameter.getArray(), new float[] {n * n, 3});
            average.update();
            double decay = Math.min(0.25, (1.0 + n) / (10.0 + n));
            expected = decay * expected + (1 - decay) * n * n;
            assertEquals(expected, average.weights().get("w").getFloat(0), 1e-5);
        }
        float seen = average.during(() -> parameter.getArray().getFloat(0));
        assertEquals(expected, seen, 1e-5);
        assertArrayEquals(new float[] {16, 3}, parameter.getArray().toFloatArray());
        assertEquals(expected, average.weights().get("w").getFloat(0), 1e-5);
    }

    @Test
    void aClippedStepIsNoLongerThanItsLimit() {
        for (double limit : new double[] {0.01, 1e6}) {
            Block block = block();
            Map<String, float[]> before = values(block);
            OptimizerSettings optimizer = new OptimizerSettings(Kind.SGD_NESTEROV, 1, 0, 0, true, 1, limit);
            Recipe recipe =
                    Recipe.plain(1, 40, optimizer, new Schedule(new Schedule.Constant(), 0), Augmentations.NONE);
            fitter(block, recipe).epoch(step -> {});
            double squares = 0;
            for (Map.Entry<String, Parameter> entry :
                    StateDict.parameters(block).entrySet()) {
                float[] after = entry.getValue().getArray().toFloatArray();
                for (int i = 0; i < after.length && entry.getValue().requiresGradient(); i++) {
                    squares += Math.pow(after[i] - before.get(entry.getKey())[i], 2);
                }
            }
            if (limit < 1) {
                assertEquals(limit, Math.sqrt(squares), 1e-5);
            } else {
                assertTrue(Math.sqrt(squares) > 0.02, "what is below the limit stays: " + Math.sqrt(squares));
            }
        }
    }

    @Test
    void aRestoredFitGoesOnBitForBit() {
        Recipe recipe = recipe(4, 0.5, 0.9, new FineTuning(1, 0.01, false));
        for (int kept = 1; kept <= 3; kept++) {
            Block straight = block();
            Fitter first = fitter(straight, recipe);
            for (int epoch = 0; epoch < kept; epoch++) {
                first.epoch(step -> {});
            }
            Map<String, float[]> state = new LinkedHashMap<>();
            first.state().forEach((name, array) -> state.put(name, array.toFloatArray()));
            Map<String, float[]> weights = values(straight);
            Block continued = block();
            StateDict.parameters(continued)
                    .forEach((name, parameter) -> BlockWeights.set(parameter.getArray(), weights.get(name)));
            Fitter second = fitter(continued, recipe);
            second.restore(kept, state);
            EpochMetrics expected = first.epoch(step -> {});
            EpochMetrics actual = second.epoch(step -> {});
            assertEquals(expected.epoch(), actual.epoch());
            assertEquals(expected.learningRate(), actual.learningRate());
            assertEquals(expected.train(), actual.train());
            assertEquals(expected.heldOut(), actual.heldOut());
            Map<String, float[]> after = values(continued);
            values(straight).forEach((name, values) -> assertArrayEquals(values, after.get(name), name));
            second.state().forEach((name, array) -> state.put(name, array.toFloatArray()));
            first.state().forEach((name, array) -> assertArrayEquals(array.toFloatArray(), state.get(name), name));
            state.remove(state.keySet().iterator().next());
            assertThrows(IllegalArgumentException.class, () -> second.restore(1, state));
        }
    }
}
