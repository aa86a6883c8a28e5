package dev.glint.runtime.testing;

import org.junit.jupiter.api.Assumptions;

/** Skips a test that this machine lacks something for, and prints why: Maven names the reason in its reports only. */
public final class Skip {
    private Skip() {}

    /**
     * @param needed what is missing and how to have it
     * @return never
     */
    public static <T> T needs(Class<?> test, String needed) {
        System.out.println(test.getSimpleName() + " is skipped: it needs " + needed);
        return Assumptions.abort("needs " + needed);
    }
}
