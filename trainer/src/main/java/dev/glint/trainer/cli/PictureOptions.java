package dev.glint.trainer.cli;

import dev.glint.runtime.contract.DecodeRule;
import dev.glint.trainer.data.DataOptions;
import dev.glint.trainer.data.Normalization;
import dev.glint.trainer.recipe.Hyperparameter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How the pictures of a data set are used. */
final class PictureOptions {
    @Mixin
    private HyperparameterOptions augmentation = new HyperparameterOptions(Hyperparameter.Group.AUGMENTATION);

    @Mixin
    private SplitOptions split = new SplitOptions();

    @Option(names = "--class-weights", description = "rare classes weigh more: n / (classes * n of the class)")
    private boolean classWeights;

    @Option(
            names = "--size",
            paramLabel = "PIXELS",
            description = "rows and columns of what the model sees; default what it was made for (mnist, folder) or the"
                    + " size of the pictures (bars, cifar10)")
    private @Nullable Integer size;

    @Option(
            names = "--normalize",
            paramLabel = "HOW",
            description = "mean and standard deviation: " + Normalization.KNOWN + "; default usual")
    private @Nullable String normalize;

    @Option(
            names = "--decode",
            paramLabel = "HOW",
            description =
                    "full, or scaled: large JPEGs are decoded to a half, a quarter or an eighth where that is enough for"
                            + " the size, here and on the device; default full")
    private @Nullable DecodeRule decode;

    /** What is asked for, else what is usual. */
    DataOptions data(DataOptions usual) {
        return new DataOptions(
                split.validation(usual.validation()),
                split.skipBroken() || usual.skipBroken(),
                classWeights || usual.classWeights(),
                size == null ? usual.size() : Integer.valueOf(Options.inRange("--size", size, 1, DataOptions.MAX_SIZE)),
                normalize == null ? usual.normalization() : Normalization.parse(normalize),
                decode == null ? usual.decode() : decode);
    }

    /** What happens to training pictures. */
    HyperparameterOptions augmentation() {
        return augmentation;
    }
}
