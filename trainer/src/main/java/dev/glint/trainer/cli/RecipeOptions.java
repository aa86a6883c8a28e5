package dev.glint.trainer.cli;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.data.DataOptions;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.preset.Preset;
import dev.glint.trainer.recipe.FineTuning;
import dev.glint.trainer.recipe.Hyperparameter;
import dev.glint.trainer.recipe.OptimizerSettings.Kind;
import dev.glint.trainer.recipe.Recipe;
import dev.glint.trainer.recipe.RecipeDraft;
import dev.glint.trainer.weights.PretrainedWeights;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a model is fitted: a preset, what is to differ from it, and which weights it begins with. */
final class RecipeOptions {
    /** What a backbone's learning rate is of its head's, if nobody says. */
    private static final double BACKBONE_SHARE = 0.1;

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description =
                    "course (what the courses teach, e.g. 40 epochs for small-vgg), fast (for small pictures: 12 epochs, one cycle,"
                            + " whitening, label smoothing, test-time flip) or fine-tune (10 epochs of AdamW, the first 2 for"
                            + " the head alone, label smoothing); what follows overrides it; default fine-tune with"
                            + " --weights, else course")
    private @Nullable Preset preset;

    @Mixin
    private HyperparameterOptions changes = new HyperparameterOptions(Hyperparameter.Group.RECIPE);

    @Option(
            names = "--weights",
            paramLabel = "FILE",
            description =
                    "begin with weights in torchvision's layout (.safetensors, .pth) instead of random ones; a head"
                            + " for other classes begins anew")
    private @Nullable Path weights;

    @Mixin
    private HyperparameterOptions tuning = new HyperparameterOptions(Hyperparameter.Group.FINE_TUNING);

    /** Whether a preset is asked for. */
    boolean isPreset() {
        return preset != null;
    }

    /** Whether a file of weights is asked for. */
    boolean isPretrained() {
        return weights != null;
    }

    /** The file of weights that is asked for, else the usual one. */
    @Nullable PretrainedWeights weights(@Nullable PretrainedWeights usual) throws IOException {
        return weights == null ? usual : PretrainedWeights.describe(weights);
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
     * @param pretrained whether weights are loaded
     * @param others say how long it is fitted and what happens to training pictures
     * @throws GlintException ({@code USAGE}) if an option makes no sense
     */
    Recipe recipe(Recipe base, boolean pretrained, HyperparameterOptions... others) {
        Kind optimizer = changes.value(Hyperparameter.OPTIMIZER);
        RecipeDraft draft = new RecipeDraft(optimizer == null ? base : base.withOptimizer(optimizer));
        for (HyperparameterOptions options : others) {
            options.applyTo(draft);
        }
        changes.applyTo(draft);
        if (pretrained) {
            fineTune(draft, base);
        } else if (!tuning.given().isEmpty() || !base.fineTuning().equals(FineTuning.NONE)) {
            String option = tuning.given().stream().findFirst().orElse("--preset");
            throw misuse(option, "no --weights", "weights to fit further");
        }
        return new Recipe(draft);
    }

    private void fineTune(RecipeDraft draft, Recipe base) {
        if (draft.get(Hyperparameter.WHITENING)) {
            throw GlintException.failure(
                            Reason.USAGE,
                            "whitening, which would replace the first convolution's weights",
                            "the weights of --weights as they are",
                            "add --no-whitening or choose the preset fine-tune")
                    .about("--weights");
        }
        int epochs = draft.get(Hyperparameter.EPOCHS);
        Integer frozen = tuning.value(Hyperparameter.FROZEN_EPOCHS);
        if (frozen != null && (frozen < 0 || frozen > epochs)) {
            throw misuse("--freeze-backbone", frozen.toString(), "0 to " + epochs + ", the epochs of the fit");
        }
        // No preset fits the head alone in all epochs, so that is what the base's user has asked for.
        boolean headAlone = base.fineTuning().frozenEpochs() == base.epochs();
        int most = headAlone ? epochs : epochs - 1;
        draft.set(Hyperparameter.FROZEN_EPOCHS, Math.min(draft.get(Hyperparameter.FROZEN_EPOCHS), most));
        if (draft.get(Hyperparameter.BACKBONE_LEARNING_RATE) == null) {
            draft.set(Hyperparameter.BACKBONE_LEARNING_RATE, BACKBONE_SHARE * draft.get(Hyperparameter.LEARNING_RATE));
        }
        tuning.applyTo(draft);
    }

    private static GlintException misuse(String option, String found, String expected) {
        return GlintException.failure(Reason.USAGE, found, expected, "correct the options")
                .about(option);
    }
}
