package dev.glint.trainer.cli;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.recipe.Domain;

/** Checks of option values. */
public final class Options {
    private Options() {}

    /** The value, if its domain has it. */
    public static <T> T checked(String option, Domain<T> domain, T value) {
        require(domain.range().test(value), option, String.valueOf(value), domain.text());
        return value;
    }

    /** The value of {@code --threads}, if an engine can have so many. */
    public static int threads(int value) {
        return inRange("--threads", value, 1, 1024);
    }

    /** The value, if it is not below one bound nor above the other. */
    static int inRange(String option, int value, int least, int most) {
        require(value >= least && value <= most, option, Integer.toString(value), least + " to " + most);
        return value;
    }

    /** Refuses a value unless a condition holds. */
    static void require(boolean condition, String option, String found, String expected) {
        if (!condition) {
            throw usage(option, found, expected);
        }
    }

    static GlintException usage(String option, String found, String expected) {
        return GlintException.failure(Reason.USAGE, found, expected, "correct the option")
                .about(option);
    }
}
