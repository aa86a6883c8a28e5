package dev.glint.trainer.cli;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.recipe.FineTuning;
import dev.glint.trainer.weights.PretrainedWeights;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
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

    @Option(
            names = "--freeze-backbone",
            paramLabel = "N",
            description = "with --weights: fit the head alone in the first N epochs; default that of the preset,"
                    + " but for the last epoch")
    private @Nullable Integer frozenEpochs;

    @Option(
            names = "--backbone-lr",
            paramLabel = "RATE",
            description = "with --weights: highest learning rate of everything but the head; default a tenth of --lr")
    private @Nullable Double backboneLearningRate;

    @Option(
            names = "--freeze-batch-norm",
            description = "with --weights: batch norm keeps its weights and statistics in all epochs")
    private boolean frozenBatchNorm;

    /** Whether a file of weights is asked for. */
    boolean isPretrained() {
        return weights != null;
    }

    /** The file that is asked for, else the usual one. */
    @Nullable PretrainedWeights weights(@Nullable PretrainedWeights usual) throws IOException {
        return weights == null ? usual : PretrainedWeights.describe(weights);
    }

    /**
     * The treatment that is asked for.
     *
     * @param usual what is changed
     * @param pretrained whether there are weights to treat
     * @param epochs of the whole fit
     * @param learningRate that of the head
     * @throws GlintException ({@code USAGE}) if an option makes no sense
     */
    FineTuning fineTuning(FineTuning usual, boolean pretrained, int epochs, double learningRate) {
        if (!pretrained) {
            requireNothing(usual);
            return FineTuning.NONE;
        }
        if (frozenEpochs != null && (frozenEpochs < 0 || frozenEpochs > epochs)) {
            throw usage(
                    "--freeze-backbone", Integer.toString(frozenEpochs), "0 to " + epochs + ", the epochs of the fit");
        }
        Double rate = usual.backboneLearningRate();
        if (backboneLearningRate != null) {
            rate = Options.positive("--backbone-lr", backboneLearningRate);
        } else if (rate == null) {
            rate = BACKBONE_SHARE * learningRate;
        }
        return new FineTuning(
                frozenEpochs == null ? Math.min(usual.frozenEpochs(), epochs - 1) : frozenEpochs,
                rate,
                frozenBatchNorm || usual.frozenBatchNorm());
    }

    private void requireNothing(FineTuning usual) {
        if (frozenEpochs != null) {
            throw withoutWeights("--freeze-backbone");
        }
        if (backboneLearningRate != null) {
            throw withoutWeights("--backbone-lr");
        }
        if (frozenBatchNorm) {
            throw withoutWeights("--freeze-batch-norm");
        }
        if (!usual.equals(FineTuning.NONE)) {
            throw withoutWeights("--preset");
        }
    }

    private static GlintException withoutWeights(String option) {
        return usage(option, "no --weights", "weights to fit further");
    }

    private static GlintException usage(String option, String found, String expected) {
        return GlintException.failure(Reason.USAGE, found, expected, "correct the options")
                .about(option);
    }
}
