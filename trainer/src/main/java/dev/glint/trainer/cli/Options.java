package dev.glint.trainer.cli;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.recipe.Domain;

/** Checks of option values. */
public final class Options {
    private Options() {}

    /** The value, if its domain has it. */
    public static <T> T checked(String option, Domain<T> domain, T value) {
        if (!domain.range().test(value)) {
            throw usage(option, String.valueOf(value), domain.text());
        }
        return value;
    }

    /** The value of {@code --threads}, if an engine can have so many. */
    public static int threads(int value) {
        if (value < 1 || value > 1024) {
            throw usage("--threads", Integer.toString(value), "1 to 1024");
        }
        return value;
    }

    static GlintException usage(String option, String found, String expected) {
        return GlintException.failure(Reason.USAGE, found, expected, "correct the option")
                .about(option);
    }
}
