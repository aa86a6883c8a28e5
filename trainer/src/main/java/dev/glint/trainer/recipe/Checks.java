package dev.glint.trainer.recipe;

/** Checks of settings. */
final class Checks {
    private Checks() {}

    static void require(boolean condition, String found) {
        if (!condition) {
            throw new IllegalArgumentException(found);
        }
    }

    static void requirePositive(double value, String name) {
        require(value > 0 && Double.isFinite(value), "a " + name + " of " + value);
    }

    static void requireNotNegative(double value, String name) {
        require(value >= 0 && Double.isFinite(value), "a " + name + " of " + value);
    }
}
