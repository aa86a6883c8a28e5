package dev.glint.trainer.cli;

import dev.glint.trainer.recipe.Domain;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which pictures of a data set are used for what. */
final class SplitOptions {
    @Option(
            names = "--validation",
            paramLabel = "SHARE",
            description = "share of the training pictures, 0 to 1, that judges the epochs; the held-out ones then judge"
                    + " the finished model alone")
    private @Nullable Double validation;

    @Option(
            names = "--skip-broken",
            description = "leave out picture files that cannot be decoded, and name them; else they are an error")
    private boolean skipBroken;

    /**
     * 0 or more, below 1.
     *
     * @param usual where nothing is asked for
     */
    double validation(double usual) {
        return validation == null ? usual : Options.checked("--validation", Domain.SHARE, validation);
    }

    boolean skipBroken() {
        return skipBroken;
    }
}
