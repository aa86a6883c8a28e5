package dev.glint.trainer.recipe;

import dev.glint.trainer.augment.Augmentations;
import dev.glint.trainer.recipe.OptimizerSettings.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One of the values that make up a {@link Recipe}, with all that is known about it anywhere: configurations, command lines
 * and reports go through {@link #all}. A new one is declared here and is a component of a record, whose constructor takes
 * it from a {@link RecipeDraft} and checks it.
 *
 * @param name in a run's configuration
 * @param domain the values it may have
 * @param getter takes it out of a recipe
 * @param group the options that its own stands among
 * @param spelling how the option is written; [no-] stands in one that can be said with no as well
 * @param label the name of the option's value in help texts; empty if there is none
 * @param help what the option does
 */
public record Hyperparameter<T>(
        String name,
        Domain<T> domain,
        Function<Recipe, @Nullable T> getter,
        Group group,
        String spelling,
        String label,
        String help) {

    /** Options that stand together. */
    public enum Group {
        /** How long a fit is and at which rate, which a learning rate range test decides itself. */
        LENGTH,
        /** How a network is fitted. */
        RECIPE,
        /** How weights that others have fitted are treated. */
        FINE_TUNING,
        /** What happens to training pictures. */
        AUGMENTATION
    }

    private static final String NO = "[no-]";
    private static final List<Hyperparameter<?>> ALL = new ArrayList<>();

    public static final Hyperparameter<Integer> EPOCHS = recipe("epochs", Domain.AT_LEAST_ONE, Recipe::epochs)
            .option(Group.LENGTH, "--epochs", "N")
            .help("how often each picture is seen; default that of the preset, 5 for bar-cnn");
    public static final Hyperparameter<Integer> BATCH_SIZE = recipe("batchSize", Domain.AT_LEAST_ONE, Recipe::batchSize)
            .option(Group.RECIPE, "--batch-size", "N")
            .help("pictures per step");
    public static final Hyperparameter<Kind> OPTIMIZER = optimizer(
                    "optimizer", Domain.texts(Kind::named, Kind.KNOWN), OptimizerSettings::kind)
            .option(Group.RECIPE, "--optimizer", "NAME")
            .help(Kind.KNOWN + "; --lr and --weight-decay then default to what is usual for it");
    public static final Hyperparameter<Double> LEARNING_RATE = optimizer(
                    "learningRate", Domain.POSITIVE, OptimizerSettings::learningRate)
            .option(Group.LENGTH, "--lr", "RATE")
            .help("highest learning rate; default that of the preset, which fits its optimizer");
    public static final Hyperparameter<Double> MOMENTUM = optimizer(
                    "momentum", Domain.SHARE, OptimizerSettings::momentum)
            .option(Group.RECIPE, "--momentum", "M")
            .help("momentum of SGD, beta1 of Adam");
    public static final Hyperparameter<Double> WEIGHT_DECAY = optimizer(
                    "weightDecay", Domain.NOT_NEGATIVE, OptimizerSettings::weightDecay)
            .option(Group.RECIPE, "--weight-decay", "D")
            .help("decoupled with adamw, else an L2 penalty");
    public static final Hyperparameter<Boolean> DECAYS_ALL = optimizer(
                    "decaysAll", Domain.SWITCH, OptimizerSettings::decaysAll)
            .option(Group.RECIPE, "--[no-]decay-all", "")
            .help("weight decay on normalization layers and biases as well, or not");
    public static final Hyperparameter<Double> NORM_BIAS_RATE = optimizer(
                    "normBiasRate", Domain.POSITIVE, OptimizerSettings::normBiasRate)
            .option(Group.RECIPE, "--norm-bias-rate", "FACTOR")
            .help("how many times the learning rate batch norm's biases have");
    public static final Hyperparameter<Double> CLIP_NORM = optimizer(
                    "clipNorm", Domain.NOT_NEGATIVE, OptimizerSettings::clipNorm)
            .option(Group.RECIPE, "--clip-norm", "N")
            .help("largest norm of all gradients together; 0 for any");
    public static final Hyperparameter<Schedule.Curve> SCHEDULE = recipe(
                    "schedule",
                    Domain.texts(Schedule::curve, Schedule.KNOWN),
                    recipe -> recipe.schedule().curve())
            .option(Group.RECIPE, "--schedule", "CURVE")
            .help("learning rate: " + Schedule.KNOWN);
    public static final Hyperparameter<Double> WARMUP_EPOCHS = recipe(
                    "warmupEpochs",
                    Domain.NOT_NEGATIVE,
                    recipe -> recipe.schedule().warmupEpochs())
            .option(Group.RECIPE, "--warmup", "EPOCHS")
            .help("how long the learning rate rises first, no more than a fifth of the fit; one-cycle has its own");
    public static final Hyperparameter<Double> LABEL_SMOOTHING = recipe(
                    "labelSmoothing", Domain.SHARE, Recipe::labelSmoothing)
            .option(Group.RECIPE, "--label-smoothing", "SHARE")
            .help("share of each label that goes to all classes alike, 0 to 1");
    public static final Hyperparameter<Double> AVERAGE_DECAY = recipe(
                    "averageDecay", Domain.SHARE, Recipe::averageDecay)
            .option(Group.RECIPE, "--ema", "DECAY")
            .help(
                    "keep an exponential moving average of the weights, which is judged and exported; 0 for none, 0.999 is customary");
    public static final Hyperparameter<Boolean> WHITENING = recipe("whitening", Domain.SWITCH, Recipe::whitening)
            .option(Group.RECIPE, "--[no-]whitening", "")
            .help("begin with a first convolution that whitens the training pictures, or not");
    public static final Hyperparameter<Boolean> TEST_FLIP = recipe("testFlip", Domain.SWITCH, Recipe::testFlip)
            .option(Group.RECIPE, "--[no-]test-flip", "")
            .help("judge held-out pictures together with their mirror images, or not");
    public static final Hyperparameter<Integer> FROZEN_EPOCHS = tuning(
                    "frozenEpochs", Domain.AT_LEAST_ZERO, FineTuning::frozenEpochs)
            .option(Group.FINE_TUNING, "--freeze-backbone", "N")
            .help(
                    "with --weights: fit the head alone in the first N epochs; default that of the preset, but for the last epoch");
    public static final Hyperparameter<Double> BACKBONE_LEARNING_RATE = tuning(
                    "backboneLearningRate", Domain.POSITIVE_OR_NONE, FineTuning::backboneLearningRate)
            .option(Group.FINE_TUNING, "--backbone-lr", "RATE")
            .help("with --weights: highest learning rate of everything but the head; default a tenth of --lr");
    public static final Hyperparameter<Boolean> FROZEN_BATCH_NORM = tuning(
                    "frozenBatchNorm", Domain.SWITCH, FineTuning::frozenBatchNorm)
            .option(Group.FINE_TUNING, "--freeze-batch-norm", "")
            .help("with --weights: batch norm keeps its weights and statistics in all epochs");
    public static final Hyperparameter<Augmentations> AUGMENTATIONS = recipe(
                    "augmentations", Domain.texts(Augmentations::parse, Augmentations.KNOWN), Recipe::augmentations)
            .option(Group.AUGMENTATION, "--augment", "LIST")
            .help("what happens to training pictures at random: " + Augmentations.KNOWN
                    + "; default that of the preset");

    /** What is to be put into recipes, and has no option yet. */
    private record Value<T>(String name, Domain<T> domain, Function<Recipe, @Nullable T> getter) {
        Hyperparameter<T> option(Group group, String spelling, String label) {
            return new Hyperparameter<>(name, domain, getter, group, spelling, label, "");
        }
    }

    private Hyperparameter<T> help(String text) {
        Hyperparameter<T> declared = new Hyperparameter<>(name, domain, getter, group, spelling, label, text);
        ALL.add(declared);
        return declared;
    }

    private static <T> Value<T> recipe(String name, Domain<T> domain, Function<Recipe, @Nullable T> getter) {
        return new Value<>(name, domain, getter);
    }

    private static <T> Value<T> optimizer(String name, Domain<T> domain, Function<OptimizerSettings, T> getter) {
        return new Value<>(name, domain, recipe -> getter.apply(recipe.optimizer()));
    }

    private static <T> Value<T> tuning(String name, Domain<T> domain, Function<FineTuning, @Nullable T> getter) {
        return new Value<>(name, domain, recipe -> getter.apply(recipe.fineTuning()));
    }

    /** The option, its long form. */
    public String option() {
        return spelling.replace(NO, "");
    }

    /** Whether the option can be said with no as well. */
    public boolean negatable() {
        return spelling.contains(NO);
    }

    /** All of them, in the order of a run's configuration. */
    public static List<Hyperparameter<?>> all() {
        return Collections.unmodifiableList(ALL);
    }

    /** The value in a recipe as JSON has it: a number, a boolean, a string or null. */
    public @Nullable Object plain(Recipe recipe) {
        T value = getter.apply(recipe);
        return domain.form() == String.class ? String.valueOf(value) : value;
    }

    /** Reads the text of a value, null for none, into a draft; throws IllegalArgumentException saying what is wrong. */
    public void read(@Nullable String text, RecipeDraft draft) {
        T value = text == null ? null : domain.parser().apply(text);
        require(value);
        draft.set(this, value);
    }

    void require(@Nullable T value) {
        if (value == null ? !domain.optional() : !domain.range().test(value)) {
            throw new IllegalArgumentException(name + " " + value + ", not " + domain.text());
        }
    }
}
