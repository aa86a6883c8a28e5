package dev.glint.trainer.cli;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.recipe.FineTuning;
import dev.glint.trainer.recipe.Hyperparameter;
import dev.glint.trainer.recipe.RecipeDraft;
import dev.glint.trainer.weights.PretrainedWeights;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which weights a fit begins with, and how it treats them. */
final class FineTuningOptions {
    /** What a backbone's learning rate is of its head's, if nobody says. */
    private static final double BACKBONE_SHARE = 0.1;

    @Option(
            names = "--weights",
            paramLabel = "FILE",
            description =
                    "begin with weights in torchvision's layout (.safetensors, .pth) instead of random ones; a head"
                            + " for other classes begins anew")
    private @Nullable Path weights;

    @Mixin
    private HyperparameterOptions tuning = new HyperparameterOptions(Hyperparameter.Group.FINE_TUNING);

    /** Whether a file of weights is asked for. */
    boolean isPretrained() {
        return weights != null;
    }

    /** The file that is asked for, else the usual one. */
    @Nullable PretrainedWeights weights(@Nullable PretrainedWeights usual) throws IOException {
        return weights == null ? usual : PretrainedWeights.describe(weights);
    }

    /**
     * Puts the treatment that is asked for into a draft, whose epochs and learning rate are decided.
     *
     * @param usual what the draft has of it
     * @param pretrained whether there are weights to treat
     * @throws GlintException ({@code USAGE}) if an option makes no sense
     */
    void applyTo(RecipeDraft draft, FineTuning usual, boolean pretrained) {
        int epochs = draft.get(Hyperparameter.EPOCHS);
        if (!pretrained) {
            tuning.given().stream().findFirst().ifPresent(FineTuningOptions::refuseWithoutWeights);
            if (!usual.equals(FineTuning.NONE)) {
                refuseWithoutWeights("--preset");
            }
            return;
        }
        Integer frozen = tuning.value(Hyperparameter.FROZEN_EPOCHS);
        if (frozen != null && (frozen < 0 || frozen > epochs)) {
            throw usage("--freeze-backbone", frozen.toString(), "0 to " + epochs + ", the epochs of the fit");
        }
        draft.set(Hyperparameter.FROZEN_EPOCHS, Math.min(draft.get(Hyperparameter.FROZEN_EPOCHS), epochs - 1));
        if (draft.get(Hyperparameter.BACKBONE_LEARNING_RATE) == null) {
            draft.set(Hyperparameter.BACKBONE_LEARNING_RATE, BACKBONE_SHARE * draft.get(Hyperparameter.LEARNING_RATE));
        }
        tuning.applyTo(draft);
    }

    private static void refuseWithoutWeights(String option) {
        throw usage(option, "no --weights", "weights to fit further");
    }

    private static GlintException usage(String option, String found, String expected) {
        return GlintException.failure(Reason.USAGE, found, expected, "correct the options")
                .about(option);
    }
}
