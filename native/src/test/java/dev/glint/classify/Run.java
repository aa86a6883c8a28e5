package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a run of the command left: exit code, standard output, standard error. */
record Run(int exitCode, String out, String err) {

    /** It went well and printed this, and nothing on standard error. */
    void assertPrints(String expected) {
        assertEquals("", err);
        assertEquals(expected, out);
        assertEquals(0, exitCode);
    }

    /** It failed with this code, printed no result and one line on standard error that begins like this. */
    void assertFails(int expectedCode, String line) {
        assertErrors(expectedCode, line);
        assertEquals("", out);
    }

    /** It ended with this code and one line on standard error that begins like this. */
    void assertErrors(int expectedCode, String line) {
        assertTrue(err.startsWith("error: " + line), err);
        assertEquals(1, err.lines().count(), err);
        assertTrue(err.endsWith("\n"), err);
        assertEquals(expectedCode, exitCode, err);
    }
}
