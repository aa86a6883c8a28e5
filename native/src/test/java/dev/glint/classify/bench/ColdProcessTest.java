package dev.glint.classify.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ColdProcessTest {
    private static List<String> shell(String script) {
        return List.of("sh", "-c", script);
    }

    @Test
    void theFiguresAreMedians() throws IOException {
        ColdProcess median = ColdProcess.median(
                3, shell("echo '{\"sessionCreationNanos\":7,\"firstInferenceNanos\":5}'; echo note >&2"));

        assertEquals(7, median.start().sessionCreationNanos());
        assertEquals(5, median.start().firstInferenceNanos());
    }

    @Test
    void itsFailureIsThatOfTheProcess() {
        GlintException failure = assertThrows(
                GlintException.class,
                () -> ColdProcess.median(1, shell("echo 'error: p.png: found no such file' >&2; exit 3")));

        assertEquals(Reason.INPUT, failure.reason());
        assertTrue(
                failure.getMessage()
                        .startsWith("found a fresh process that ended with exit code 3 (p.png: found no such file)"),
                failure.getMessage());
    }

    @Test
    void aProcessThatWasKilledExceededALimit() {
        GlintException failure =
                assertThrows(GlintException.class, () -> ColdProcess.median(1, shell("kill -KILL $$")));

        assertEquals(Reason.LIMIT, failure.reason());
        assertTrue(failure.getMessage().contains("exit code 137"), failure.getMessage());
    }

    @Test
    void whatItDidNotForeseeIsInternal() {
        assertThrows(IllegalStateException.class, () -> ColdProcess.median(1, shell("exit 1")));
    }
}
