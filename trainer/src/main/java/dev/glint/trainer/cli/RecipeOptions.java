package dev.glint.trainer.cli;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.data.DataOptions;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.preset.Preset;
import dev.glint.trainer.recipe.Hyperparameter;
import dev.glint.trainer.recipe.OptimizerSettings.Kind;
import dev.glint.trainer.recipe.Recipe;
import dev.glint.trainer.recipe.RecipeDraft;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a model is fitted: a preset, and what is to differ from it. */
final class RecipeOptions {
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
     * @param length says how long it is fitted, and at which rate
     * @param pictures say what happens to training pictures
     * @param tuning says what happens to weights that are loaded
     * @param pretrained whether weights are loaded
     * @throws GlintException ({@code USAGE}) if an option makes no sense
     */
    Recipe recipe(
            Recipe base,
            HyperparameterOptions length,
            PictureOptions pictures,
            FineTuningOptions tuning,
            boolean pretrained) {
        Kind optimizer = changes.value(Hyperparameter.OPTIMIZER);
        RecipeDraft draft = new RecipeDraft(optimizer == null ? base : base.withOptimizer(optimizer));
        List.of(pictures.augmentation(), length, changes).forEach(options -> options.applyTo(draft));
        if (pretrained && draft.get(Hyperparameter.WHITENING)) {
            throw GlintException.failure(
                            Reason.USAGE,
                            "whitening, which would replace the first convolution's weights",
                            "the weights of --weights as they are",
                            "add --no-whitening or choose the preset fine-tune")
                    .about("--weights");
        }
        tuning.applyTo(draft, base.fineTuning(), pretrained);
        return draft.recipe();
    }
}
