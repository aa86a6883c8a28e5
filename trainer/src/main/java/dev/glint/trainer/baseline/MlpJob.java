package dev.glint.trainer.baseline;

import ai.djl.ndarray.NDManager;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.trainer.augment.Augmentations;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.data.PictureSelection;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.fit.EpochMetrics;
import dev.glint.trainer.fit.Evaluator;
import dev.glint.trainer.fit.Score;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.recipe.OptimizerSettings;
import dev.glint.trainer.recipe.Recipe;
import dev.glint.trainer.recipe.Schedule;
import dev.glint.trainer.run.FitJob;
import dev.glint.trainer.run.FitListeners;
import dev.glint.trainer.run.RunConfig;
import dev.glint.trainer.run.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Fits a network without convolutions, which knows nothing of neighborhood: what a convolutional one is worth shows
 * beside it. Its folder is a run like any other, with {@link RunFolder#BASELINE} in addition.
 *
 * @param pictures what is fitted to and judged by
 * @param epochs how often each picture is seen, at least 1
 * @param threads of the engine
 * @param versions of what is used, for the run's configuration
 */
public record MlpJob(PictureSelection pictures, int epochs, int threads, Map<String, String> versions) {
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
        RunConfig config = RunConfig.fromScratch(Architecture.MLP, pictures, recipe, threads, versions);
        Stopwatch stopwatch = new Stopwatch();
        RunFolder run = FitJob.run(folder, replace, config, new FitListeners(List.of(stopwatch, listener)));
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("epochs", Integer.toString(epochs));
        settings.put("learningRate", Double.toString(recipe.optimizer().learningRate()));
        settings.put("batchSize", Integer.toString(recipe.batchSize()));
        settings.put("classWeights", Boolean.toString(pictures.options().classWeights()));
        settings.put("validation", Double.toString(pictures.options().validation()));
        BaselineResult result = judge(run, stopwatch.nanos / 1e9, settings);
        result.write(folder);
        return result;
    }

    private static BaselineResult judge(RunFolder run, double seconds, Map<String, String> settings) {
        RunConfig config = run.config();
        DataSplit data = run.data();
        try (NDManager manager = TorchEngine.newManager(config.threads())) {
            Score score = Evaluator.evaluate(
                    run.block(manager),
                    manager,
                    new Preprocessor(run.contract()),
                    data.test(),
                    config.recipe().testFlip());
            return new BaselineResult(
                    NAME,
                    config.data().toString(),
                    config.seed(),
                    data.train().size(),
                    score.pictures(),
                    score.correct(),
                    seconds,
                    settings);
        }
    }

    /** Sums up the time of all epochs. */
    private static final class Stopwatch implements FitJob.Listener {
        private long nanos;

        @Override
        public void epochDone(EpochMetrics epoch, boolean best) {
            nanos += epoch.trainNanos() + epoch.evaluateNanos();
        }
    }
}
