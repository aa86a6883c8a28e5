package dev.glint.trainer.augment;

import java.util.Locale;

/** Checks of parameters, and how they are written. */
final class Checks {
    private Checks() {}

    static void require(boolean condition, String what) {
        if (!condition) {
            throw new IllegalArgumentException(what);
        }
    }

    static void requireProbability(double probability) {
        require(probability > 0 && probability <= 1, "a probability of " + text(probability));
    }

    /** The shortest form of a number: {@code 15}, not {@code 15.0}. */
    static String text(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9
                ? String.format(Locale.ROOT, "%d", (long) value)
                : Double.toString(value);
    }
}
