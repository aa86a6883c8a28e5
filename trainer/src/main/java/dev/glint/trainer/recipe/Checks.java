package dev.glint.trainer.recipe;

/** Checks of settings. */
final class Checks {
    private Checks() {}

    static void require(boolean condition, String found) {
        if (!condition) {
            throw new IllegalArgumentException(found);
        }
    }
}
