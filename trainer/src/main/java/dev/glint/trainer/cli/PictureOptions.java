package dev.glint.trainer.cli;

import dev.glint.runtime.GlintException;
import dev.glint.runtime.GlintException.Reason;
import dev.glint.trainer.augment.Augmentations;
import dev.glint.trainer.data.DataOptions;
import dev.glint.trainer.data.Normalization;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the pictures of a data set are used. */
final class PictureOptions {
    @Option(
            names = "--augment",
            paramLabel = "LIST",
            description = "what happens to training pictures at random: " + Augmentations.KNOWN
                    + "; default that of the preset")
    private @Nullable String augment;

    @Option(
            names = "--validation",
            paramLabel = "SHARE",
            description = "share of the training pictures, 0 to 1, that judges the epochs; the held-out ones then judge"
                    + " the finished model alone")
    private @Nullable Double validation;

    @Option(names = "--class-weights", description = "rare classes weigh more: n / (classes * n of the class)")
    private boolean classWeights;

    @Option(
            names = "--skip-broken",
            description = "leave out picture files that cannot be decoded, and name them; else they are an error")
    private boolean skipBroken;

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

    DataOptions data() {
        double share = validation == null ? 0 : validation;
        if (!(share >= 0 && share < 1)) {
            throw usage("--validation", Double.toString(share), "0 or more, below 1");
        }
        if (size != null && (size < 1 || size > DataOptions.MAX_SIZE)) {
            throw usage("--size", Integer.toString(size), "1 to " + DataOptions.MAX_SIZE);
        }
        Normalization normalization = normalize == null ? new Normalization.Usual() : Normalization.parse(normalize);
        return new DataOptions(share, skipBroken, classWeights, size, normalization);
    }

    /** What is asked for, else what is usual. */
    Augmentations augmentations(Augmentations usual) {
        return augment == null ? usual : Augmentations.parse(augment);
    }

    private static GlintException usage(String option, String found, String expected) {
        return GlintException.of(Reason.USAGE, found, expected, "correct the option")
                .about(option);
    }
}
