package dev.glint.trainer.cli;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;

/** Checks of option values. */
public final class Options {
    private Options() {}

    /** The value, if it is 1 or more. */
    public static int atLeastOne(String option, int value) {
        require(value >= 1, option, Integer.toString(value), "1 or more");
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

    /** The value, if it is a positive number. */
    public static double positive(String option, double value) {
        require(value > 0 && Double.isFinite(value), option, Double.toString(value), "a positive number");
        return value;
    }

    /** The value, if it is 0 or a positive number. */
    public static double notNegative(String option, double value) {
        require(value >= 0 && Double.isFinite(value), option, Double.toString(value), "0 or more");
        return value;
    }

    /** The value, if it is a share of a whole that is not all of it. */
    public static double share(String option, double value) {
        require(value >= 0 && value < 1, option, Double.toString(value), "0 or more, below 1");
        return value;
    }

    /** Refuses a value unless a condition holds. */
    static void require(boolean condition, String option, String found, String expected) {
        if (!condition) {
            throw GlintException.failure(Reason.USAGE, found, expected, "correct the option")
                    .about(option);
        }
    }
}
