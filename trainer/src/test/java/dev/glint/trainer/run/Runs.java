package dev.glint.trainer.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glint.trainer.augment.Augmentations;
import dev.glint.trainer.data.Cifar10Files;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.data.PictureSelection;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.recipe.OptimizerSettings;
import dev.glint.trainer.recipe.OptimizerSettings.Kind;
import dev.glint.trainer.recipe.Recipe;
import dev.glint.trainer.recipe.Schedule;
import dev.glint.trainer.weights.safetensors.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Runs for tests, and what makes two of them the same. */
final class Runs {
    static final FitJob.Listener SILENT = new FitJob.Listener() {};

    private Runs() {}

    /**
     * A run that takes milliseconds.
     *
     * @param pictures a folder with a few of {@link Cifar10Files}
     */
    static RunConfig tiny(Path pictures, long seed, int epochs) {
        Recipe recipe = Recipe.plain(
                epochs,
                16,
                OptimizerSettings.plain(Kind.ADAM, 0.003, 0),
                new Schedule(new Schedule.Cosine(), 0),
                Augmentations.NONE);
        return RunConfig.fromScratch(
                Architecture.BAR_CNN,
                PictureSelection.whole(DataSpec.parse("cifar10:" + pictures), seed)
                        .limitedTo(24),
                recipe,
                1,
                Map.of("glint", "test"));
    }

    /** Does what a person does with a run that was killed: gives the same command with --resume. */
    static void resume(Path run, RunConfig config) throws IOException {
        if (Checkpoint.isIn(run)) {
            FitJob.resume(run, SILENT);
        } else {
            FitJob.run(run, false, config, SILENT);
        }
    }

    /** The names of the files in a folder, hidden ones included. */
    static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Checks that two folders hold the same bytes, but for the times in the metrics. */
    static void assertSame(Path expected, Path actual, String when) throws IOException {
        assertEquals(files(expected), files(actual), when);
        for (String file : List.of(RunFolder.CONFIG, RunFolder.CONTRACT, RunFolder.BEST, RunFolder.LAST)) {
            assertArrayEquals(
                    Files.readAllBytes(expected.resolve(file)),
                    Files.readAllBytes(actual.resolve(file)),
                    () -> file + ", " + when);
        }
        assertEquals(
                withoutTimes(Files.readString(expected.resolve(RunFolder.METRICS))),
                withoutTimes(Files.readString(actual.resolve(RunFolder.METRICS))),
                when);
        Safetensors one = Safetensors.read(expected.resolve(RunFolder.STATE));
        Safetensors other = Safetensors.read(actual.resolve(RunFolder.STATE));
        assertEquals(one.tensors(), other.tensors(), when);
        assertEquals(notes(one), notes(other), when);
    }

    private static Map<String, String> notes(Safetensors state) {
        Map<String, String> notes = new LinkedHashMap<>(state.metadata());
        notes.replaceAll((name, text) -> withoutTimes(text));
        return notes;
    }

    private static String withoutTimes(String metrics) {
        return metrics.replaceAll("(\"(?:train|evaluate)Seconds\"):[^,}]+", "$1:0");
    }
}
