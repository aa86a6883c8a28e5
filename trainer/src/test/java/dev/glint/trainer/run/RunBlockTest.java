package dev.glint.trainer.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.failure.GlintException;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.data.PictureSelection;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.model.BatchNormCalibration;
import dev.glint.trainer.preset.Preset;
import dev.glint.trainer.recipe.FineTuning;
import dev.glint.trainer.recipe.Recipe;
import dev.glint.trainer.weights.PretrainedWeights;
import dev.glint.trainer.weights.block.BlockWeights;
import dev.glint.trainer.weights.block.StateDict;
import dev.glint.trainer.weights.safetensors.Safetensors;
import dev.glint.trainer.weights.safetensors.StoredTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SmallVGG for two classes of bars, from weights whose batch norm was folded. */
class RunBlockTest {
    private static final DataSpec BARS = DataSpec.parse("bars");
    private static final Shape INPUT = new Shape(1, 1, 12, 12);
    private static final String RUNNING_MEAN = "features.1.running_mean";

    @TempDir
    private Path folder;

    private final List<String> notes = new ArrayList<>();
    private NDManager manager;
    private Path file;
    private Block folded;

    @BeforeEach
    void writeWeights() throws IOException {
        manager = TorchEngine.newManager(1);
        folded = Architecture.SMALL_VGG.build(2);
        Random random = new Random(1);
        BlockWeights.initialize(folded, manager, INPUT, BlockWeights.drawn(random));
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        StateDict.parameters(folded).forEach((name, parameter) -> {
            float[] values = parameter.getArray().toFloatArray();
            for (int i = 0; i < values.length && parameter.getType() == Parameter.Type.BETA; i++) {
                values[i] = random.nextFloat() - 0.5f;
            }
            for (int i = 0; i < values.length && parameter.getType() == Parameter.Type.RUNNING_VAR; i++) {
                values[i] = 1 - 1e-5f;
            }
            BlockWeights.set(parameter.getArray(), values);
            tensors.put(
                    name,
                    StoredTensor.floats(
                            values,
                            LongStream.of(parameter.getShape().getShape())
                                    .boxed()
                                    .toList()));
        });
        file = folder.resolve("folded.safetensors");
        new Safetensors(tensors, Map.of()).write(file);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private Block block(FineTuning tuning, int pictures) throws IOException {
        Recipe preset = Preset.FINE_TUNE.recipe(Architecture.SMALL_VGG);
        Recipe recipe = new Recipe(
                2, 8, preset.optimizer(), preset.schedule(), 0, 0, false, false, tuning, preset.augmentations());
        RunConfig config = RunConfig.fromScratch(
                        Architecture.SMALL_VGG,
                        PictureSelection.whole(BARS, 1).limitedTo(pictures),
                        recipe,
                        1,
                        Map.of())
                .withWeights(PretrainedWeights.describe(file));
        DataSplit data = config.openData();
        PreprocessContract contract = config.contract(data);
        return RunBlock.initial(config, data, contract, manager, notes::add);
    }

    private float[] logits(Block block) {
        float[] picture = new float[144];
        for (int i = 0; i < picture.length; i++) {
            picture[i] = (i * 37 % 101) / 50f - 1;
        }
        try (NDManager step = manager.newSubManager()) {
            return block.forward(new ParameterStore(step, false), new NDList(step.create(picture, INPUT)), false)
                    .singletonOrThrow()
                    .toFloatArray();
        }
    }

    private static float[] values(Block block, String name) {
        return StateDict.parameters(block).get(name).getArray().toFloatArray();
    }

    @Test
    void foldedBatchNormIsMeasuredAndTheFunctionStays() throws IOException {
        assertTrue(BatchNormCalibration.isFolded(folded));
        Block block = block(new FineTuning(1, null, false), 300);
        assertEquals(2, notes.size(), notes.toString());
        assertTrue(notes.get(1).contains("the statistics of 256 training pictures"), notes.get(1));
        assertFalse(BatchNormCalibration.isFolded(block));
        float[] expected = logits(folded);
        assertArrayEquals(expected, logits(block), 1e-4f * Math.abs(expected[0]));
        assertTrue(values(block, RUNNING_MEAN)[0] != 0);
    }

    @Test
    void batchNormThatNeverChangesStaysFolded() throws IOException {
        for (FineTuning tuning : List.of(new FineTuning(2, null, false), new FineTuning(0, null, true))) {
            notes.clear();
            Block block = block(tuning, 20);
            assertEquals(1, notes.size(), notes.toString());
            assertArrayEquals(new float[64], values(block, RUNNING_MEAN));
            assertArrayEquals(logits(folded), logits(block));
        }
    }

    @Test
    void onePictureIsTooLittleToMeasure() {
        GlintException failure = assertThrows(GlintException.class, () -> block(new FineTuning(0, null, false), 1));
        assertTrue(failure.getMessage().contains("--freeze-batch-norm"), failure.getMessage());
    }
}
