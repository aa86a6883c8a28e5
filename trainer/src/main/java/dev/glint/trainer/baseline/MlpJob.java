package dev.glint.trainer.baseline;

import dev.glint.trainer.augment.Augmentations;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.fit.EpochMetrics;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.recipe.OptimizerSettings;
import dev.glint.trainer.recipe.Recipe;
import dev.glint.trainer.recipe.Schedule;
import dev.glint.trainer.run.FitJob;
import dev.glint.trainer.run.RunConfig;
import dev.glint.trainer.run.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fits a network without convolutions, which knows nothing of neighborhood: what a convolutional one is worth shows
 * beside it. Its folder is a run like any other, with {@link RunFolder#BASELINE} in addition.
 *
 * @param limit how many training and how many held-out pictures are used, the first ones; null for all
 * @param epochs how often each picture is seen, at least 1
 * @param threads of the engine
 * @param versions of what is used, for the run's configuration
 */
public record MlpJob(
        DataSpec spec, @Nullable Integer limit, long seed, int epochs, int threads, Map<String, String> versions) {
    /** The name of the baseline and of its architecture. */
    public static final String NAME = "mlp";

    /**
     * Fits, and writes the run and its result.
     *
     * @param replace whether a run that is already there may go
     * @param listener is told how the fit goes
     */
    public BaselineResult run(Path folder, boolean replace, FitJob.Listener listener) throws IOException {
        Recipe recipe = Recipe.plain(
                epochs,
                128,
                OptimizerSettings.plain(OptimizerSettings.Kind.ADAM, 0.001, 0),
                new Schedule(new Schedule.Cosine(), 0),
                Augmentations.NONE);
        RunConfig config = new RunConfig(Architecture.of(NAME), spec, limit, recipe, seed, threads, versions);
        Best best = new Best(listener);
        FitJob.run(folder, replace, config, best);
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("epochs", Integer.toString(epochs));
        settings.put("learningRate", Double.toString(recipe.optimizer().learningRate()));
        settings.put("batchSize", Integer.toString(recipe.batchSize()));
        BaselineResult result = best.result(config, settings);
        result.write(folder);
        return result;
    }

    /** Keeps the best epoch, the first such, and the time of all. */
    private static final class Best implements FitJob.Listener {
        private final FitJob.Listener other;
        private @Nullable EpochMetrics epoch;
        private long nanos;

        Best(FitJob.Listener other) {
            this.other = other;
        }

        @Override
        public void started(long trainableParameters, int stepsPerEpoch) {
            other.started(trainableParameters, stepsPerEpoch);
        }

        @Override
        public void stepped(int number, int step) {
            other.stepped(number, step);
        }

        @Override
        public void epochDone(EpochMetrics done, boolean best) {
            nanos += done.trainNanos() + done.evaluateNanos();
            epoch = best ? done : epoch;
            other.epochDone(done, best);
        }

        BaselineResult result(RunConfig config, Map<String, String> settings) {
            EpochMetrics best = epoch;
            if (best == null) {
                throw new IllegalStateException("no epoch");
            }
            return new BaselineResult(
                    NAME,
                    config.data().toString(),
                    config.seed(),
                    best.train().pictures(),
                    best.heldOut().pictures(),
                    best.heldOut().correct(),
                    nanos / 1e9,
                    settings);
        }
    }
}
