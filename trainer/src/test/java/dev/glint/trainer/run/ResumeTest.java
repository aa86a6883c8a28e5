package dev.glint.trainer.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import dev.glint.trainer.augment.Augmentations;
import dev.glint.trainer.data.Cifar10Files;
import dev.glint.trainer.data.DataOptions;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.data.Normalization;
import dev.glint.trainer.data.PictureSelection;
import dev.glint.trainer.fit.EpochMetrics;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.recipe.FineTuning;
import dev.glint.trainer.recipe.OptimizerSettings;
import dev.glint.trainer.recipe.OptimizerSettings.Kind;
import dev.glint.trainer.recipe.Recipe;
import dev.glint.trainer.recipe.Schedule;
import dev.glint.trainer.weights.PretrainedWeights;
import dev.glint.trainer.weights.safetensors.Safetensors;
import dev.glint.trainer.weights.safetensors.StoredTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ResumeTest {
    @TempDir
    Path folder;

    private Path pictures = Path.of("");

    @BeforeEach
    void writePictures() throws IOException {
        pictures = folder.resolve("pictures");
        Cifar10Files.write(pictures, 4);
    }

    /** Stands for the end of a process in the middle of an epoch. */
    private static final class End extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static FitJob.Listener endingIn(int lastEpoch) {
        return new FitJob.Listener() {
            @Override
            public void stepped(int epoch, int step) {
                if (epoch == lastEpoch && step == 2) {
                    throw new End();
                }
            }
        };
    }

    private static Stream<Recipe> recipes() {
        Augmentations cropFlip = Augmentations.CROP_FLIP;
        Schedule cosine = new Schedule(new Schedule.Cosine(), 1);
        return Stream.of(
                Recipe.plain(3, 8, OptimizerSettings.plain(Kind.ADAM, 0.002, 0), cosine, cropFlip),
                new Recipe(
                        3,
                        8,
                        new OptimizerSettings(Kind.SGD_NESTEROV, 0.1, 0.9, 5e-4, false, 4, 1),
                        new Schedule(new Schedule.OneCycle(0.3), 0),
                        0.1,
                        0.99,
                        true,
                        true,
                        FineTuning.NONE,
                        Augmentations.parse("crop-flip,cutmix")),
                new Recipe(
                        4,
                        8,
                        OptimizerSettings.plain(Kind.ADAMW, 0.01, 0.05),
                        cosine,
                        0,
                        0.9,
                        false,
                        false,
                        new FineTuning(2, 0.001, true),
                        cropFlip));
    }

    /** SGD with momentum, Adam, averages, frozen layers, dropout: killed in each epoch, all in one go. */
    @ParameterizedTest
    @MethodSource("recipes")
    void everyRecipeGoesOnBitForBit(Recipe recipe) throws IOException {
        RunConfig config = RunConfig.fromScratch(
                Architecture.SIMPLE_CNN,
                PictureSelection.whole(DataSpec.parse("cifar10:" + pictures), 7),
                recipe,
                1,
                Map.of());
        Path whole = folder.resolve("whole");
        FitJob.run(whole, false, config, Runs.SILENT);
        Path run = folder.resolve("run");
        assertThrows(End.class, () -> FitJob.run(run, false, config, endingIn(1)));
        assertFalse(Files.exists(run), "nothing is written in the first epoch");
        assertThrows(End.class, () -> FitJob.run(run, false, config, endingIn(2)));
        for (int epoch = 3; epoch <= recipe.epochs(); epoch++) {
            int last = epoch;
            assertThrows(End.class, () -> FitJob.resume(run, endingIn(last)));
            assertEquals(epoch - 1, Checkpoint.read(run).epochs().size());
        }
        FitJob.resume(run, Runs.SILENT);
        Runs.assertSame(whole, run, recipe.toString());
    }

    @Test
    void weightsThatItBeganWithAreNotNeededAgain() throws IOException {
        RunConfig first = Runs.tiny(pictures, 3, 1);
        Path weights = folder.resolve("weights.safetensors");
        Files.copy(
                FitJob.run(folder.resolve("first"), false, first, Runs.SILENT)
                        .path()
                        .resolve(RunFolder.LAST),
                weights);
        Recipe recipe = new Recipe(
                3,
                8,
                OptimizerSettings.plain(Kind.ADAMW, 0.01, 0.05),
                new Schedule(new Schedule.Cosine(), 0),
                0,
                0,
                false,
                false,
                new FineTuning(1, 0.001, false),
                Augmentations.NONE);
        RunConfig config = RunConfig.fromScratch(
                        first.model(), PictureSelection.whole(first.data(), 7), recipe, 1, Map.of())
                .withWeights(PretrainedWeights.describe(weights));
        Path whole = folder.resolve("whole");
        FitJob.run(whole, false, config, Runs.SILENT);
        Path run = folder.resolve("run");
        assertThrows(End.class, () -> FitJob.run(run, false, config, endingIn(2)));
        Files.delete(weights);
        FitJob.resume(run, Runs.SILENT);
        Runs.assertSame(whole, run, "without the file");
    }

    /** Hears of the epochs as a command does that is to tell about all of them. */
    private static final class Epochs implements FitJob.Listener {
        private final List<EpochMetrics> all = new ArrayList<>();
        private int best;
        private int resumedAfter = -1;

        @Override
        public void resumed(Checkpoint checkpoint) {
            resumedAfter = checkpoint.epochs().size();
            all.addAll(checkpoint.epochs());
            best = checkpoint.best().epoch();
        }

        @Override
        public void epochDone(EpochMetrics epoch, boolean isBest) {
            all.add(epoch);
            best = isBest ? epoch.epoch() : best;
        }
    }

    @Test
    void theEpochsBeforeAreToldAsTheyWere() throws IOException {
        RunConfig config = Runs.tiny(pictures, 3, 4);
        Path run = folder.resolve("run");
        Epochs before = new Epochs();
        assertThrows(
                End.class,
                () -> FitJob.run(run, false, config, new FitJob.Listener() {
                    @Override
                    public void epochDone(EpochMetrics epoch, boolean isBest) {
                        before.epochDone(epoch, isBest);
                        if (epoch.epoch() == 2) {
                            throw new End();
                        }
                    }
                }));
        Epochs after = new Epochs();
        FitJob.resume(run, after);
        assertEquals(2, after.resumedAfter);
        assertEquals(before.all, after.all.subList(0, 2), "times included");
        assertEquals(4, after.all.size());
        assertEquals(
                after.best,
                Integer.parseInt(
                        Safetensors.read(run.resolve(RunFolder.BEST)).metadata().get("epoch")));
    }

    @Test
    void aFinishedRunStaysAsItIs() throws IOException {
        Path run = folder.resolve("run");
        FitJob.run(run, false, Runs.tiny(pictures, 1, 2), Runs.SILENT);
        Map<String, FileTime> times = new LinkedHashMap<>();
        FileTime past = FileTime.fromMillis(1_000_000);
        for (String file : Runs.files(run)) {
            Files.setLastModifiedTime(run.resolve(file), past);
            times.put(file, past);
        }
        Files.delete(pictures.resolve("data_batch_1.bin"));
        Epochs epochs = new Epochs();
        FitJob.resume(run, epochs);
        assertEquals(2, epochs.resumedAfter);
        assertEquals(2, epochs.all.size());
        for (String file : Runs.files(run)) {
            assertEquals(times.get(file), Files.getLastModifiedTime(run.resolve(file)), file);
        }
    }

    @Test
    void filesThatAreNoTextAreWrittenAgain() throws IOException {
        Path run = folder.resolve("run");
        FitJob.run(run, false, Runs.tiny(pictures, 1, 2), Runs.SILENT);
        for (String name : List.of(RunFolder.METRICS, RunFolder.CONFIG)) {
            byte[] whole = Files.readAllBytes(run.resolve(name));
            byte[] broken = whole.clone();
            broken[3] = (byte) 0xff;
            Files.write(run.resolve(name), broken);
            Files.write(run.resolve(RunFolder.METRICS), new byte[] {(byte) 0xff});
            FitJob.resume(run, Runs.SILENT);
            assertArrayEquals(whole, Files.readAllBytes(run.resolve(name)), name);
        }
    }

    private Path unfinished(RunConfig config) {
        Path run = folder.resolve("run");
        assertThrows(
                End.class,
                () -> FitJob.run(run, false, config, new FitJob.Listener() {
                    @Override
                    public void epochDone(EpochMetrics epoch, boolean isBest) {
                        throw new End();
                    }
                }));
        return run;
    }

    @Test
    void otherPicturesThanBeforeAreRefused() throws IOException {
        Path run = unfinished(Runs.tiny(pictures, 1, 2));
        byte[] state = Files.readAllBytes(run.resolve(RunFolder.STATE));
        Path names = pictures.resolve("batches.meta.txt");
        String labels = Files.readString(names);
        Files.writeString(names, labels.replace("frog", "toad"));
        assertRefused(run, pictures.toString(), "toad");
        Files.writeString(names, labels);
        Cifar10Files.write(pictures, 3);
        assertRefused(run, pictures.toString(), "found 15 training and 3 held-out pictures, expected 20 and 4");
        assertTrue(Arrays.equals(state, Files.readAllBytes(run.resolve(RunFolder.STATE))));
        Cifar10Files.write(pictures, 4);
        FitJob.resume(run, Runs.SILENT);
    }

    @Test
    void measuredStatisticsMustBeTheSame() throws IOException {
        RunConfig tiny = Runs.tiny(pictures, 1, 2);
        DataOptions measured = new DataOptions(0, false, false, null, Normalization.parse("measure"));
        Path run = unfinished(RunConfig.fromScratch(
                tiny.model(),
                PictureSelection.whole(tiny.data(), 1).withOptions(measured),
                tiny.recipe(),
                1,
                Map.of()));
        Path batch = pictures.resolve("data_batch_1.bin");
        byte[] content = Files.readAllBytes(batch);
        Arrays.fill(content, 1, 3000, (byte) 0);
        Files.write(batch, content);
        assertRefused(run, pictures.toString(), "prepared");
    }

    @Test
    void aBrokenCheckpointIsOneLineThatNamesTheFile() throws IOException {
        Path run = unfinished(Runs.tiny(pictures, 1, 2));
        Path file = run.resolve(RunFolder.STATE);
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 4, 100, whole.length / 2, whole.length - 1}) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertRefused(run, file.toString(), "--force");
        }
        Files.write(file, whole);
        Safetensors stored = Safetensors.read(file);
        for (String note : List.of("config", "contract", "parameters", "metrics")) {
            for (String text : new String[] {null, "", "{}", "nonsense", "[1, 2]"}) {
                Map<String, String> notes = new LinkedHashMap<>(stored.metadata());
                notes.put(note, text);
                notes.values().removeIf(Objects::isNull);
                new Safetensors(stored.tensors(), notes).write(file);
                assertRefused(run, file.toString(), "--force");
            }
        }
        for (String tensor : List.of("model.fc.bias", "exp_avg.fc.bias")) {
            Map<String, StoredTensor> tensors = new LinkedHashMap<>(stored.tensors());
            tensors.remove(tensor);
            new Safetensors(tensors, stored.metadata()).write(file);
            assertRefused(run, file.toString(), "fc.");
            tensors.put(tensor, StoredTensor.floats(new float[3], List.of(3L)));
            new Safetensors(tensors, stored.metadata()).write(file);
            assertRefused(run, file.toString(), tensor.substring(tensor.indexOf('.') + 1));
        }
        Files.write(file, whole);
        FitJob.resume(run, Runs.SILENT);
    }

    @Test
    void whereThereIsNoRunTheRemedyIsNamed() throws IOException {
        assertRefused(folder.resolve("none"), folder.resolve("none").toString(), "begin it with trainer fit");
        assertRefused(pictures, "a folder without state.safetensors", "begin it with trainer fit");
        assertFalse(Files.exists(folder.resolve("none")));
    }

    private static void assertRefused(Path run, String... words) {
        GlintException e = assertThrows(GlintException.class, () -> FitJob.resume(run, Runs.SILENT));
        assertEquals(GlintException.Reason.INPUT, e.reason(), e.getMessage());
        for (String word : words) {
            assertTrue(e.getMessage().contains(word), e.getMessage());
        }
    }
}
