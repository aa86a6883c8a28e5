package dev.glint.trainer.cli;

import dev.glint.runtime.GlintException;
import dev.glint.runtime.GlintException.Reason;
import dev.glint.trainer.data.DataOptions;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.run.RunConfig;
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

    @Mixin
    private PictureOptions pictures = new PictureOptions();

    @Mixin
    private RecipeOptions recipe = new RecipeOptions();

    /**
     * The run that is asked for.
     *
     * @param epochs null for those of the preset
     * @param learningRate null for that of the preset
     * @throws GlintException ({@code USAGE}) if an option makes no sense
     */
    RunConfig config(@Nullable Integer epochs, @Nullable Double learningRate) {
        Architecture architecture = Architecture.of(or(model, MODEL));
        return new RunConfig(
                architecture,
                DataSpec.parse(data == null ? defaultData(architecture) : data),
                limit == null ? null : Options.atLeastOne("--limit", limit),
                pictures.data(DataOptions.DEFAULT),
                recipe.recipe(recipe.preset(architecture), epochs, learningRate, pictures),
                or(seed, SEED),
                threads == null ? defaultThreads(architecture) : Options.threads(threads),
                Versions.ofRun());
    }

    /**
     * A run that there is, with what is asked for in place of what it has.
     *
     * @param epochs null for those of the run or of a preset that is asked for
     * @param learningRate null likewise
     * @throws GlintException ({@code USAGE}) if an option makes no sense
     */
    RunConfig over(RunConfig run, @Nullable Integer epochs, @Nullable Double learningRate) {
        Architecture architecture = model == null ? run.model() : Architecture.of(model);
        return new RunConfig(
                architecture,
                data == null ? run.data() : DataSpec.parse(data),
                limit == null ? run.limit() : Integer.valueOf(Options.atLeastOne("--limit", limit)),
                pictures.data(run.options()),
                recipe.recipe(
                        recipe.isPreset() ? recipe.preset(architecture) : run.recipe(), epochs, learningRate, pictures),
                or(seed, run.seed()),
                threads == null ? run.threads() : Options.threads(threads),
                run.versions());
    }

    /** The folder of a run that no one has named. */
    Path folder() {
        return Path.of("runs", or(model, MODEL));
    }

    private static <T> T or(@Nullable T asked, T usual) {
        return asked == null ? usual : asked;
    }

    /** The bar CNN's layers are too small to be shared: one thread is faster than two. */
    private static int defaultThreads(Architecture architecture) {
        return architecture == Architecture.BAR_CNN ? 1 : Runtime.getRuntime().availableProcessors();
    }

    private static String defaultData(Architecture architecture) {
        if (architecture == Architecture.BAR_CNN) {
            return "bars";
        }
        throw GlintException.of(
                Reason.USAGE,
                "no --data for " + architecture.id(),
                DataSpec.KNOWN,
                "name the pictures, as in --data cifar10:DIR");
    }
}
