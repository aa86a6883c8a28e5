package dev.glint.trainer.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.failure.GlintException;
import dev.glint.trainer.augment.Augmentations;
import dev.glint.trainer.data.Cifar10Files;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.data.PictureSelection;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.fit.EpochMetrics;
import dev.glint.trainer.fit.Evaluator;
import dev.glint.trainer.fit.Score;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.recipe.OptimizerSettings;
import dev.glint.trainer.recipe.OptimizerSettings.Kind;
import dev.glint.trainer.recipe.Recipe;
import dev.glint.trainer.recipe.Schedule;
import dev.glint.trainer.weights.safetensors.Safetensors;
import dev.glint.trainer.weights.safetensors.StoredTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FitJobTest {
    @TempDir
    Path folder;

    /** Remembers the epochs. */
    private static final class Epochs implements FitJob.Listener {
        private final List<EpochMetrics> all = new ArrayList<>();
        private long parameters;
        private int best;

        @Override
        public void started(long trainableParameters, int stepsPerEpoch) {
            parameters = trainableParameters;
        }

        @Override
        public void epochDone(EpochMetrics epoch, boolean isBest) {
            all.add(epoch);
            best = isBest ? epoch.epoch() : best;
        }
    }

    private static RunConfig bars(long seed, int epochs, double learningRate) {
        return RunConfig.fromScratch(
                Architecture.BAR_CNN,
                PictureSelection.whole(DataSpec.parse("bars"), seed),
                Recipe.plain(
                        epochs,
                        32,
                        OptimizerSettings.plain(Kind.ADAM, learningRate, 0),
                        new Schedule(new Schedule.Constant(), 0),
                        Augmentations.NONE),
                1,
                Map.of());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 20})
    void barsAreLearntWithinFiveEpochs(long seed) throws IOException {
        Epochs epochs = new Epochs();
        RunFolder run = FitJob.run(folder.resolve("run"), false, bars(seed, 5, 0.003), epochs);
        assertEquals(1_538, epochs.parameters);
        assertEquals(5, epochs.all.size());
        Score last = epochs.all.get(4).heldOut();
        assertEquals(400, last.pictures());
        assertEquals(400, last.correct(), () -> "seed " + seed + ": " + epochs.all);
        assertEquals(2_000, epochs.all.get(0).train().pictures());
        assertTrue(epochs.all.get(4).train().loss() < epochs.all.get(0).train().loss());
        assertEquals(
                epochs.all.get(epochs.best - 1).heldOut(),
                evaluate(run),
                "the best weights are those of the best epoch");
    }

    private static Score evaluate(RunFolder run) {
        try (NDManager manager = TorchEngine.newManager(1)) {
            return Evaluator.evaluate(
                    run.block(manager),
                    manager,
                    new Preprocessor(run.contract()),
                    run.data().heldOut(),
                    false);
        }
    }

    @Test
    void theSameSeedGivesTheSameBytes() throws IOException {
        for (String run : List.of("first", "second")) {
            FitJob.run(folder.resolve(run), false, bars(3, 2, 0.003), new Epochs());
        }
        Runs.assertSame(folder.resolve("first"), folder.resolve("second"), "the same seed");
        FitJob.run(folder.resolve("other"), false, bars(4, 2, 0.003), new Epochs());
        for (String file : List.of(RunFolder.BEST, RunFolder.LAST, RunFolder.STATE, RunFolder.CONFIG)) {
            assertFalse(
                    Arrays.equals(
                            Files.readAllBytes(folder.resolve("first").resolve(file)),
                            Files.readAllBytes(folder.resolve("other").resolve(file))),
                    file);
        }
    }

    @Test
    void smallVggKeepsItsRunningStatistics() throws IOException {
        Cifar10Files.write(folder.resolve("cifar"), 8);
        RunConfig config = RunConfig.fromScratch(
                Architecture.SMALL_VGG,
                PictureSelection.whole(DataSpec.parse("cifar10:" + folder.resolve("cifar")), 1)
                        .limitedTo(24),
                Recipe.plain(
                        1,
                        10,
                        OptimizerSettings.plain(Kind.SGD_NESTEROV, 0.01, 5e-4),
                        new Schedule(new Schedule.Cosine(), 0),
                        Augmentations.CROP_FLIP),
                1,
                Map.of());
        Epochs epochs = new Epochs();
        RunFolder run = FitJob.run(folder.resolve("run"), false, config, epochs);
        assertEquals(1_148_874, epochs.parameters);
        assertEquals(24, epochs.all.get(0).train().pictures(), "the last batch of 4 counts");
        Safetensors weights = Safetensors.read(run.path().resolve(RunFolder.BEST));
        // Three steps with momentum 0.1: 1 shrinks to 0.729 and the batches' variances come in.
        for (float mean : weights.tensors().get("features.1.running_mean").floats()) {
            assertTrue(mean != 0);
        }
        assertEquals(epochs.all.get(0).heldOut(), evaluate(run));
    }

    @Test
    void metricsAndStateSayWhatHappened() throws IOException {
        Epochs epochs = new Epochs();
        FitJob.run(folder.resolve("run"), false, bars(1, 2, 0.003), epochs);
        List<String> lines = Files.readAllLines(folder.resolve("run/metrics.jsonl"));
        assertEquals(2, lines.size());
        JsonObject second = JsonParser.parseString(lines.get(1)).getAsJsonObject();
        assertEquals(2, second.get("epoch").getAsInt());
        assertEquals(
                epochs.all.get(1).heldOut().accuracy(),
                second.get("heldOutAccuracy").getAsDouble());
        assertEquals(epochs.all.get(1).train().loss(), second.get("loss").getAsDouble());
        Safetensors state = Safetensors.read(folder.resolve("run/state.safetensors"));
        assertEquals("2", state.metadata().get("epoch"));
        assertEquals(
                Files.readString(folder.resolve("run/metrics.jsonl")),
                state.metadata().get("metrics"));
        assertEquals(6 + 12, state.tensors().size());
        assertEquals(
                List.of(8L, 1L, 3L, 3L),
                state.tensors().get("exp_avg.conv1.weight").shape());
    }

    @Test
    void aLossThatIsNoNumberEndsTheFitAndWritesNothing() {
        GlintException failure = assertThrows(
                GlintException.class, () -> FitJob.run(folder.resolve("run"), false, bars(1, 5, 1e30), new Epochs()));
        assertEquals(GlintException.Reason.GATE, failure.reason());
        assertTrue(failure.getMessage().contains(" in step 2 of epoch 1, "), failure.getMessage());
        assertTrue(failure.getMessage().contains("--lr"), failure.getMessage());
        assertFalse(Files.exists(folder.resolve("run")));
    }

    /** The only step has a loss, the first one; what it makes of the weights shows when they are judged. */
    @Test
    void aHeldOutLossThatIsNoNumberEndsTheFitAndWritesNothing() {
        RunConfig all = bars(1, 1, 1e30);
        RunConfig config = RunConfig.fromScratch(
                all.model(), PictureSelection.whole(all.data(), 1).limitedTo(32), all.recipe(), 1, Map.of());
        GlintException failure = assertThrows(
                GlintException.class, () -> FitJob.run(folder.resolve("run"), false, config, new Epochs()));
        assertEquals(GlintException.Reason.GATE, failure.reason());
        assertTrue(failure.getMessage().contains("a held-out loss of NaN after epoch 1"), failure.getMessage());
        assertTrue(failure.getMessage().contains("--lr"), failure.getMessage());
        assertFalse(Files.exists(folder.resolve("run")));
    }

    @Test
    void tooLittleMemoryEndsTheFitAndWritesNothing() {
        GlintException failure = assertThrows(
                GlintException.class,
                () -> FitJob.run(folder.resolve("run"), false, bars(1, 1, 0.003), new FitJob.Listener() {
                    @Override
                    public void started(long trainableParameters, int stepsPerEpoch) {
                        throw new EngineException("can't allocate memory: you tried to allocate 9 bytes");
                    }
                }));
        assertEquals(GlintException.Reason.LIMIT, failure.reason());
        assertTrue(failure.getMessage().startsWith("device cpu: found too little memory"), failure.getMessage());
        assertFalse(Files.exists(folder.resolve("run")));
    }

    @Test
    void aRunIsReplacedOnlyOnDemandAndOnlyBySomething() throws IOException {
        Path run = folder.resolve("run");
        FitJob.run(run, false, bars(1, 1, 0.003), new Epochs());
        byte[] first = Files.readAllBytes(run.resolve(RunFolder.BEST));
        GlintException refused =
                assertThrows(GlintException.class, () -> FitJob.run(run, false, bars(2, 1, 0.003), new Epochs()));
        assertEquals(GlintException.Reason.INPUT, refused.reason());
        assertThrows(GlintException.class, () -> FitJob.run(run, true, bars(2, 1, 1e30), new Epochs()));
        assertArrayEquals(first, Files.readAllBytes(run.resolve(RunFolder.BEST)), "the failed fit left the run alone");
        FitJob.run(run, true, bars(2, 1, 0.003), new Epochs());
        assertFalse(Arrays.equals(first, Files.readAllBytes(run.resolve(RunFolder.BEST))));
        assertEquals(1, Files.readAllLines(run.resolve(RunFolder.METRICS)).size());
    }

    @Test
    void otherPeoplesFilesAreNeverReplaced() throws IOException {
        Path run = Files.createDirectories(folder.resolve("run"));
        Files.writeString(run.resolve("thesis.tex"), "precious");
        for (boolean replace : new boolean[] {false, true}) {
            assertThrows(GlintException.class, () -> FitJob.run(run, replace, bars(1, 1, 0.003), new Epochs()));
        }
        Path file = Files.writeString(folder.resolve("file"), "precious");
        for (Path place : List.of(file, file.resolve("run"))) {
            assertThrows(GlintException.class, () -> FitJob.run(place, true, bars(1, 1, 0.003), new Epochs()));
        }
        assertEquals("precious", Files.readString(file));
        assertEquals("precious", Files.readString(run.resolve("thesis.tex")));
    }

    @Test
    void weightsThatDoNotFitAreRefused() throws IOException {
        Path run = folder.resolve("run");
        RunFolder fitted = FitJob.run(run, false, bars(1, 1, 0.003), new Epochs());
        Safetensors whole = Safetensors.read(run.resolve(RunFolder.BEST));
        Map<String, StoredTensor> tensors = new java.util.LinkedHashMap<>(whole.tensors());
        tensors.put("fc.weight", StoredTensor.floats(new float[288], List.of(144L, 2L)));
        new Safetensors(tensors, Map.of()).write(run.resolve(RunFolder.BEST));
        assertMisfit(fitted, "fc.weight of F32 [144, 2], expected F32 [2, 144]");
        tensors.remove("fc.weight");
        new Safetensors(tensors, Map.of()).write(run.resolve(RunFolder.BEST));
        assertMisfit(fitted, "found tensors [conv1.weight, conv1.bias, conv2.weight, conv2.bias, fc.bias]");
    }

    private static void assertMisfit(RunFolder run, String expected) {
        try (NDManager manager = TorchEngine.newManager(1)) {
            GlintException failure = assertThrows(GlintException.class, () -> run.block(manager));
            assertEquals(GlintException.Reason.MODEL, failure.reason());
            assertTrue(failure.getMessage().contains(expected), failure.getMessage());
            assertTrue(failure.getMessage().contains(RunFolder.BEST), failure.getMessage());
        }
    }
}
