package dev.glint.trainer.cli;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.data.DataOptions;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.engine.DeviceChoice;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.recipe.Preset;
import dev.glint.trainer.recipe.Recipe;
import dev.glint.trainer.run.RunConfig;
import dev.glint.trainer.weights.PretrainedWeights;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a fit and a learning rate range test have in common: which network sees which pictures, and how. */
final class RunOptions {
    private static final String MODEL = "bar-cnn";
    private static final long SEED = 1;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            completionCandidates = ModelNames.class,
            description = "${COMPLETION-CANDIDATES}; default " + MODEL)
    private @Nullable String model;

    @Option(names = "--data", paramLabel = "SPEC", description = DataSpec.KNOWN + "; bar-cnn takes bars by default")
    private @Nullable String data;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "use no more than the first N training and the first N held-out pictures")
    private @Nullable Integer limit;

    @Option(names = "--seed", paramLabel = "N", description = "drives all randomness; default " + SEED)
    private @Nullable Long seed;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description =
                    "threads of the engine; default one per core, 1 for bar-cnn; sums round differently with another number")
    private @Nullable Integer threads;

    @Option(names = "--device", paramLabel = "DEVICE", description = DeviceChoice.KNOWN + "; default auto")
    private @Nullable String device;

    @Mixin
    private PictureOptions pictures = new PictureOptions();

    @Mixin
    private RecipeOptions recipe = new RecipeOptions();

    @Mixin
    private FineTuningOptions tuning = new FineTuningOptions();

    /**
     * The run that is asked for.
     *
     * @param epochs null for those of the preset
     * @param learningRate null for that of the preset
     * @throws GlintException ({@code USAGE}) if an option makes no sense
     * @throws IOException if a file of weights cannot be read
     */
    RunConfig config(@Nullable Integer epochs, @Nullable Double learningRate) throws IOException {
        Architecture architecture = Architecture.of(or(model, MODEL));
        boolean pretrained = tuning.isPretrained();
        Recipe base = recipe.preset(architecture, pretrained ? Preset.FINE_TUNE : Preset.COURSE);
        Recipe fitted = recipe.recipe(base, epochs, learningRate, pictures, tuning, pretrained);
        return new RunConfig(
                architecture,
                DataSpec.parse(data == null ? defaultData(architecture) : data),
                limit == null ? null : Options.atLeastOne("--limit", limit),
                pictures.data(DataOptions.DEFAULT),
                tuning.weights(null),
                fitted,
                or(seed, SEED),
                threads == null ? defaultThreads(architecture) : Options.threads(threads),
                Versions.ofRun());
    }

    /**
     * A run that there is, with what is asked for in place of what it has; its device is not decided here.
     *
     * @param epochs null for those of the run or of a preset that is asked for
     * @param learningRate null likewise
     * @throws GlintException ({@code USAGE}) if an option makes no sense
     * @throws IOException if a file of weights cannot be read
     */
    RunConfig over(RunConfig run, @Nullable Integer epochs, @Nullable Double learningRate) throws IOException {
        Architecture architecture = model == null ? run.model() : Architecture.of(model);
        PretrainedWeights weights = tuning.weights(run.weights());
        Recipe base = recipe.isPreset() ? recipe.preset(architecture, Preset.COURSE) : run.recipe();
        return new RunConfig(
                architecture,
                data == null ? run.data() : DataSpec.parse(data),
                limit == null ? run.limit() : Integer.valueOf(Options.atLeastOne("--limit", limit)),
                pictures.data(run.options()),
                weights,
                recipe.recipe(base, epochs, learningRate, pictures, tuning, weights != null),
                or(seed, run.seed()),
                threads == null ? run.threads() : Options.threads(threads),
                run.device(),
                run.versions());
    }

    /** The folder of a run that no one has named. */
    Path folder() {
        return Path.of("runs", or(model, MODEL));
    }

    private static <T> T or(@Nullable T asked, T usual) {
        return asked == null ? usual : asked;
    }

    /**
     * The device that is asked for.
     *
     * @param config of the run
     * @throws GlintException ({@code USAGE}) if there is no such device
     */
    DeviceChoice.Chosen device(RunConfig config) {
        return device(config, "auto");
    }

    /** The same, with what is usual where nothing is asked for. */
    DeviceChoice.Chosen device(RunConfig config, String usual) {
        return DeviceChoice.parse(or(device, usual)).resolve(config.threads());
    }

    /** The bar CNN's layers are too small to be shared: one thread is faster than two. */
    private static int defaultThreads(Architecture architecture) {
        return architecture == Architecture.BAR_CNN ? 1 : Runtime.getRuntime().availableProcessors();
    }

    private static String defaultData(Architecture architecture) {
        if (architecture == Architecture.BAR_CNN) {
            return "bars";
        }
        throw GlintException.failure(
                Reason.USAGE,
                "no --data for " + architecture.id(),
                DataSpec.KNOWN,
                "name the pictures, as in --data cifar10:DIR");
    }
}
