package dev.glint.trainer.cli;

import ai.djl.Device;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.data.DataOptions;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.data.PictureSelection;
import dev.glint.trainer.engine.DeviceChoice;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.preset.Preset;
import dev.glint.trainer.recipe.Domain;
import dev.glint.trainer.recipe.FineTuning;
import dev.glint.trainer.recipe.Recipe;
import dev.glint.trainer.run.RunConfig;
import dev.glint.trainer.run.RunFolder;
import dev.glint.trainer.weights.PretrainedWeights;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a fit and a learning rate range test have in common: which network sees which pictures, and how. */
final class RunOptions {
    private static final String DATA = "bars";
    private static final long SEED = 1;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            completionCandidates = ModelNames.class,
            description = "${COMPLETION-CANDIDATES}; default by the pictures: bar-cnn for bars, small-vgg for cifar10,"
                    + " simple-cnn for mnist, small-vgg at 64x64 for folder")
    private @Nullable String model;

    @Option(
            names = "--data",
            paramLabel = "SPEC",
            description = DataSpec.KNOWN + "; default " + DATA + " where the model is bar-cnn or not named")
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

    /**
     * The run that is asked for.
     *
     * @param length what is to differ from the preset's epochs and learning rate
     * @throws GlintException ({@code USAGE}) if an option makes no sense
     * @throws IOException if a file of weights cannot be read
     */
    RunConfig config(HyperparameterOptions length) throws IOException {
        DataSpec spec = spec();
        Architecture architecture = architecture(spec);
        DataOptions usual = DataOptions.DEFAULT;
        Integer usualSize = spec.usualSize();
        if (model == null && usualSize != null) {
            usual = usual.sized(usualSize);
        }
        DataOptions used = pictures.data(usual);
        boolean pretrained = recipe.isPretrained();
        Recipe base = recipe.preset(architecture, spec, used, pretrained ? Preset.FINE_TUNE : Preset.COURSE);
        Recipe fitted = recipe.recipe(base, pretrained, pictures.augmentation(), length);
        return new RunConfig(
                architecture,
                new PictureSelection(
                        spec,
                        limit == null ? null : Options.checked("--limit", Domain.AT_LEAST_ONE, limit),
                        used,
                        seed == null ? SEED : seed),
                recipe.weights(null),
                null,
                fitted,
                threads == null ? defaultThreads(architecture) : Options.threads(threads),
                Device.cpu(),
                Versions.ofRun());
    }

    private DataSpec spec() {
        if (data != null) {
            return DataSpec.parse(data);
        }
        DataSpec usual = DataSpec.parse(DATA);
        if (model == null || Architecture.named(model) == usual.usualModel()) {
            return usual;
        }
        throw GlintException.failure(
                Reason.USAGE, "no --data for " + model, DataSpec.KNOWN, "name the pictures, as in --data cifar10:DIR");
    }

    private Architecture architecture(DataSpec spec) {
        if (model != null) {
            return Architecture.named(model);
        }
        if (recipe.isPretrained()) {
            throw GlintException.failure(
                            Reason.USAGE,
                            "no --model",
                            "the network that the weights belong to, one of " + Architecture.ids(),
                            "name it, as in --model resnet18")
                    .about("--weights");
        }
        return spec.usualModel();
    }

    /** What a run does that it was not told in so many words, a line for a person. */
    String choice(RunConfig config) {
        Recipe fitted = config.recipe();
        FineTuning fineTuning = fitted.fineTuning();
        Integer size = config.pictures().options().size();
        StringBuilder line = new StringBuilder(config.model().id());
        if (size != null) {
            line.append(" at ").append(size).append('x').append(size);
        }
        if (model == null && config.floatRun() == null) {
            line.append(", which is usual for ").append(config.data());
        }
        line.append(": ").append(fitted.epochs()).append(fitted.epochs() == 1 ? " epoch of " : " epochs of ");
        line.append(fitted.optimizer().kind())
                .append(" at ")
                .append(rate(fitted.optimizer().learningRate()));
        line.append(" in batches of ").append(fitted.batchSize());
        if (fineTuning.frozenEpochs() == fitted.epochs()) {
            line.append("; the head alone, in all epochs");
        } else if (fineTuning.frozenEpochs() > 0) {
            line.append("; the head alone until epoch ").append(fineTuning.frozenEpochs());
        }
        if (fineTuning.backboneLearningRate() != null && fineTuning.frozenEpochs() < fitted.epochs()) {
            line.append(fineTuning.frozenEpochs() > 0 ? ", then the rest too at " : "; all but the head at ");
            line.append(rate(fineTuning.backboneLearningRate()));
        }
        if (config.floatRun() != null) {
            line.append("; quantisation-aware");
        }
        if (!config.data().hasMirrors() && fitted.equals(fitted.withoutMirrors())) {
            line.append("; nothing is mirrored");
        }
        return line.toString();
    }

    /** Three digits, without zeros at the end. */
    private static String rate(double rate) {
        return new BigDecimal(rate)
                .round(new MathContext(3))
                .stripTrailingZeros()
                .toPlainString();
    }

    /**
     * A run that there is, with what is asked for in place of what it has; its device is not decided here.
     *
     * @param length what is to differ from the epochs and learning rate of the run or of a preset that is asked for
     * @throws GlintException ({@code USAGE}) if an option makes no sense
     * @throws IOException if a file of weights cannot be read
     */
    RunConfig over(RunConfig run, HyperparameterOptions length) throws IOException {
        Architecture architecture = model == null ? run.model() : Architecture.named(model);
        PretrainedWeights weights = recipe.weights(run.weights());
        PictureSelection begun = run.pictures();
        PictureSelection asked = new PictureSelection(
                data == null ? begun.spec() : DataSpec.parse(data),
                limit == null ? begun.limit() : Options.checked("--limit", Domain.AT_LEAST_ONE, limit),
                pictures.data(begun.options()),
                seed == null ? begun.seed() : seed,
                begun.namesSha256());
        Recipe base = recipe.isPreset()
                ? recipe.preset(architecture, asked.spec(), asked.options(), Preset.COURSE)
                : run.recipe();
        return new RunConfig(
                architecture,
                asked,
                weights,
                run.floatRun(),
                recipe.recipe(base, weights != null, pictures.augmentation(), length),
                threads == null ? run.threads() : Options.threads(threads),
                run.device(),
                run.versions());
    }

    /**
     * A fit that goes on from a float run with the roundings of integers in the network.
     *
     * @param floatRun what it goes on from
     * @param length what is to differ from the epochs and learning rate that are usual then
     * @throws GlintException ({@code USAGE}) if an option makes no sense, ({@code INPUT}) if the run is no float run
     */
    RunConfig quantizationAware(RunFolder floatRun, HyperparameterOptions length) throws IOException {
        if (floatRun.isQuantizationAware()) {
            throw GlintException.failure(
                            Reason.INPUT,
                            "a run that is quantisation-aware already",
                            "one in floats",
                            "name the run that it began with, with more --epochs")
                    .about(floatRun.path());
        }
        if (recipe.isPretrained() || recipe.isPreset()) {
            throw GlintException.failure(
                            Reason.USAGE,
                            recipe.isPretrained() ? "--weights as well" : "--preset as well",
                            "the weights and the recipe of the run",
                            "leave it out")
                    .about("--qat");
        }
        RunConfig usual = floatRun.config()
                .quantizationAware(PretrainedWeights.describe(floatRun.path().resolve(RunFolder.BEST)))
                .withVersions(Versions.ofRun());
        RunConfig asked = over(usual, length);
        boolean same = asked.model() == usual.model()
                && asked.data().toString().equals(usual.data().toString())
                && asked.pictures().options().equals(usual.pictures().options());
        if (!same) {
            throw GlintException.failure(
                            Reason.USAGE,
                            "another network or other pictures",
                            usual.model().id() + " and " + usual.data() + " as in " + floatRun.path(),
                            "leave --model, --data and what prepares pictures out")
                    .about("--qat");
        }
        boolean drawn = usual.pictures().isDrawnBySeed()
                || usual.pictures().options().validation() > 0
                || asked.pictures().isDrawnBySeed();
        if (drawn && asked.seed() != usual.seed()) {
            // What the run was fitted to would judge it.
            throw GlintException.failure(
                            Reason.USAGE,
                            "seed " + asked.seed() + ", which draws other pictures",
                            usual.seed() + " as in " + floatRun.path(),
                            "leave --seed out")
                    .about("--qat");
        }
        // Opened only to refuse pictures that have changed since.
        floatRun.data();
        return asked;
    }

    /** The folder of a run that no one has named. */
    Path folder() {
        return Path.of("runs", architecture(spec()).id());
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
        return DeviceChoice.parse(device == null ? usual : device).resolve(config.threads());
    }

    /** The bar CNN's layers are too small to be shared: one thread is faster than two. */
    private static int defaultThreads(Architecture architecture) {
        return architecture == Architecture.BAR_CNN ? 1 : Runtime.getRuntime().availableProcessors();
    }
}
