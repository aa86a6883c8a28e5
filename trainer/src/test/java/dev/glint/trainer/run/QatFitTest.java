package dev.glint.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.data.Cifar10Files;
import dev.glint.trainer.fit.EpochMetrics;
import dev.glint.trainer.recipe.Hyperparameter;
import dev.glint.trainer.recipe.OptimizerSettings.Kind;
import dev.glint.trainer.weights.PretrainedWeights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that go on from a float run with the roundings of integers in the network. */
class QatFitTest {
    @TempDir
    Path folder;

    private Path floats = Path.of("");
    private RunConfig config = Runs.tiny(Path.of("pictures"), 7, 1);

    @BeforeEach
    void fitInFloats() throws IOException {
        Path pictures = Files.createDirectory(folder.resolve("pictures"));
        Cifar10Files.write(pictures, 10);
        floats = folder.resolve("floats");
        RunConfig first = Runs.tiny(pictures, 7, 1);
        FitJob.run(floats, false, first, Runs.SILENT);
        config = first.quantizationAware(PretrainedWeights.describe(floats.resolve(RunFolder.BEST)));
    }

    @Test
    void keepsWeightsOfTheNetworkAndTheRangesThatGoWithThem() throws IOException {
        RunFolder run = FitJob.run(folder.resolve("qat"), false, config, Runs.SILENT);
        RunFolder from = RunFolder.open(floats);
        assertTrue(run.isQuantizationAware());
        assertFalse(from.isQuantizationAware());
        assertEquals(from.weights().keySet(), run.weights().keySet());
        assertNotEquals(from.weights(), run.weights());
        assertTrue(run.ranges().containsKey("input"), run.ranges().toString());
        assertEquals(0, from.ranges().size());
        assertEquals(config.withNamesOf(run.data()), run.config());
        assertEquals(2, run.epochs().size());
    }

    @Test
    void usualRecipeIsShortAndSlowAndWithoutRefinementsForTheBeginning() throws IOException {
        assertEquals(2, config.recipe().epochs());
        assertEquals(Kind.ADAMW, config.recipe().optimizer().kind());
        assertEquals(0, config.recipe().optimizer().weightDecay());
        assertEquals(
                RunFolder.open(floats).config().recipe().batchSize(),
                config.recipe().batchSize());
    }

    /** Stands for the end of a process. */
    private static final class End extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @Test
    void killedRunsGoOnToTheBytesOfUnbrokenOnes() throws IOException {
        for (Kind kind : new Kind[] {Kind.ADAMW, Kind.SGD_NESTEROV}) {
            Path whole = folder.resolve("whole-" + kind);
            Path broken = folder.resolve("broken-" + kind);
            RunConfig three = new RunConfig(
                    config.model(),
                    config.pictures(),
                    null,
                    config.floatRun(),
                    config.recipe().withOptimizer(kind).replacing(Hyperparameter.EPOCHS, 3),
                    config.threads(),
                    config.device(),
                    config.versions());
            FitJob.run(whole, false, three, Runs.SILENT);
            for (int epoch = 1; epoch < 3; epoch++) {
                FitJob.Listener ending = new FitJob.Listener() {
                    @Override
                    public void epochDone(EpochMetrics done, boolean best) {
                        throw new End();
                    }
                };
                boolean begun = epoch > 1;
                assertThrows(End.class, () -> {
                    if (begun) {
                        FitJob.resume(broken, ending);
                    } else {
                        FitJob.run(broken, false, three, ending);
                    }
                });
            }
            FitJob.resume(broken, Runs.SILENT);
            Runs.assertSame(whole, broken, "with " + kind);
        }
    }

    @Test
    void brokenRangesAreSaid() throws IOException {
        Path qat = folder.resolve("qat");
        FitJob.run(qat, false, config, Runs.SILENT);
        Path best = qat.resolve(RunFolder.BEST);
        byte[] bytes = Files.readAllBytes(best);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int at = text.indexOf("[", text.indexOf("ranges"));
        bytes[at] = ' ';
        Files.write(best, bytes);
        GlintException refused =
                assertThrows(GlintException.class, () -> RunFolder.open(qat).ranges());
        assertEquals(Reason.MODEL, refused.reason());
    }

    @Test
    void picturesThatAreOthersNowAreRefused() {
        RunConfig fewer = new RunConfig(
                config.model(),
                config.pictures().withOptions(config.pictures().options().sized(16)),
                null,
                config.floatRun(),
                config.recipe(),
                config.threads(),
                config.device(),
                config.versions());
        GlintException refused = assertThrows(
                GlintException.class, () -> FitJob.run(folder.resolve("other"), false, fewer, Runs.SILENT));
        assertEquals(Reason.INPUT, refused.reason());
    }
}
