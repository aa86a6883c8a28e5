package dev.glint.trainer.cli;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.augment.Augmentations;
import dev.glint.trainer.data.DataOptions;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.preset.Preset;
import dev.glint.trainer.recipe.OptimizerSettings;
import dev.glint.trainer.recipe.OptimizerSettings.Kind;
import dev.glint.trainer.recipe.Recipe;
import dev.glint.trainer.recipe.Schedule;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a model is fitted: a preset, and what is to differ from it. */
final class RecipeOptions {
    private static final String KINDS = "sgd-nesterov, adam or adamw";

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description =
                    "course (what the courses teach, e.g. 40 epochs for small-vgg), fast (for small pictures: 12 epochs, one cycle,"
                            + " whitening, label smoothing, test-time flip) or fine-tune (10 epochs of AdamW, the first 2 for"
                            + " the head alone, label smoothing); what follows overrides it; default fine-tune with"
                            + " --weights, else course")
    private @Nullable Preset preset;

    @Option(names = "--batch-size", paramLabel = "N", description = "pictures per step")
    private @Nullable Integer batchSize;

    @Option(
            names = "--optimizer",
            paramLabel = "NAME",
            description = KINDS + "; --lr and --weight-decay then default to what is usual for it")
    private @Nullable String optimizer;

    @Option(names = "--momentum", paramLabel = "M", description = "momentum of SGD, beta1 of Adam")
    private @Nullable Double momentum;

    @Option(names = "--weight-decay", paramLabel = "D", description = "decoupled with adamw, else an L2 penalty")
    private @Nullable Double weightDecay;

    @Option(
            names = "--decay-all",
            negatable = true,
            description = "weight decay on normalization layers and biases as well, or not")
    private @Nullable Boolean decaysAll;

    @Option(
            names = "--norm-bias-rate",
            paramLabel = "FACTOR",
            description = "how many times the learning rate batch norm's biases have")
    private @Nullable Double normBiasRate;

    @Option(names = "--clip-norm", paramLabel = "N", description = "largest norm of all gradients together; 0 for any")
    private @Nullable Double clipNorm;

    @Option(names = "--schedule", paramLabel = "CURVE", description = "learning rate: " + Schedule.KNOWN)
    private @Nullable String schedule;

    @Option(
            names = "--warmup",
            paramLabel = "EPOCHS",
            description =
                    "how long the learning rate rises first, no more than a fifth of the fit; one-cycle has its own")
    private @Nullable Double warmup;

    @Option(
            names = "--label-smoothing",
            paramLabel = "SHARE",
            description = "share of each label that goes to all classes alike, 0 to 1")
    private @Nullable Double labelSmoothing;

    @Option(
            names = "--ema",
            paramLabel = "DECAY",
            description = "keep an exponential moving average of the weights, which is judged and exported; 0 for none,"
                    + " 0.999 is customary")
    private @Nullable Double averageDecay;

    @Option(
            names = "--whitening",
            negatable = true,
            description = "begin with a first convolution that whitens the training pictures, or not")
    private @Nullable Boolean whitening;

    @Option(
            names = "--test-flip",
            negatable = true,
            description = "judge held-out pictures together with their mirror images, or not")
    private @Nullable Boolean testFlip;

    /** Whether a preset is asked for. */
    boolean isPreset() {
        return preset != null;
    }

    /**
     * The recipe of the preset that is asked for, else of the usual one, as it suits the pictures.
     *
     * @throws GlintException ({@code USAGE}) if the preset is not made for the network or the pictures
     */
    Recipe preset(Architecture architecture, DataSpec pictures, DataOptions options, Preset usual) {
        Preset used = preset == null ? usual : preset;
        Recipe recipe = used.recipe(architecture);
        Integer size = options.size();
        used.requireSide(size == null ? architecture.input().side() : size);
        return pictures.hasMirrors() ? recipe : recipe.withoutMirrors();
    }

    /**
     * The recipe that is asked for.
     *
     * @param base what is changed
     * @param epochs null for those of the base
     * @param learningRate null for that of the base
     * @param pictures say what happens to training pictures
     * @param tuning says what happens to weights that are loaded
     * @param pretrained whether weights are loaded
     * @throws GlintException ({@code USAGE}) if an option makes no sense
     */
    Recipe recipe(
            Recipe base,
            @Nullable Integer epochs,
            @Nullable Double learningRate,
            PictureOptions pictures,
            FineTuningOptions tuning,
            boolean pretrained) {
        Augmentations augmentations = pictures.augmentations(base.augmentations());
        int allEpochs = epochs == null ? base.epochs() : Options.atLeastOne("--epochs", epochs);
        OptimizerSettings settings = optimizer(base.optimizer(), learningRate);
        return new Recipe(
                allEpochs,
                batchSize == null ? base.batchSize() : Options.atLeastOne("--batch-size", batchSize),
                settings,
                schedule(base.schedule()),
                share("--label-smoothing", labelSmoothing, base.labelSmoothing()),
                share("--ema", averageDecay, base.averageDecay()),
                whitening(base.whitening(), pretrained),
                testFlip == null ? base.testFlip() : testFlip,
                tuning.fineTuning(base.fineTuning(), pretrained, allEpochs, settings.learningRate()),
                augmentations);
    }

    private boolean whitening(boolean usual, boolean pretrained) {
        boolean asked = whitening == null ? usual : whitening;
        if (asked && pretrained) {
            throw GlintException.failure(
                            Reason.USAGE,
                            "whitening, which would replace the first convolution's weights",
                            "the weights of --weights as they are",
                            "add --no-whitening or choose the preset fine-tune")
                    .about("--weights");
        }
        return asked;
    }

    private OptimizerSettings optimizer(OptimizerSettings base, @Nullable Double learningRate) {
        String name = optimizer;
        OptimizerSettings usual =
                name == null ? base : base.replacedBy(checked("--optimizer", KINDS, () -> Kind.named(name)));
        return new OptimizerSettings(
                usual.kind(),
                learningRate == null ? usual.learningRate() : Options.positive("--lr", learningRate),
                share("--momentum", momentum, usual.momentum()),
                notNegative("--weight-decay", weightDecay, usual.weightDecay()),
                decaysAll == null ? usual.decaysAll() : decaysAll,
                normBiasRate == null ? usual.normBiasRate() : Options.positive("--norm-bias-rate", normBiasRate),
                notNegative("--clip-norm", clipNorm, usual.clipNorm()));
    }

    private Schedule schedule(Schedule base) {
        String text = schedule;
        return new Schedule(
                text == null ? base.curve() : checked("--schedule", Schedule.KNOWN, () -> Schedule.curve(text)),
                notNegative("--warmup", warmup, base.warmupEpochs()));
    }

    private static double share(String option, @Nullable Double given, double usual) {
        return given == null ? usual : Options.share(option, given);
    }

    private static double notNegative(String option, @Nullable Double given, double usual) {
        return given == null ? usual : Options.notNegative(option, given);
    }

    private static <T> T checked(String option, String expected, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw GlintException.failure(Reason.USAGE, String.valueOf(e.getMessage()), expected, "correct the option")
                    .about(option)
                    .causedBy(e);
        }
    }
}
