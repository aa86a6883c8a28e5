package dev.glint.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FailureReportTest {
    private static final GlintException FAILURE =
            GlintException.failure(Reason.LIMIT, "two\nlines", "one", "join them");

    @Test
    void anotherWayOutStandsBehindTheRemedy() {
        GlintException failure = GlintException.failure(GlintException.Reason.LIMIT, "a", "b", "do this")
                .about("file")
                .withAlternative("do\nthat");
        assertEquals("file: found a, expected b; do this, or do that", failure.getMessage());
        assertEquals(GlintException.Reason.LIMIT, failure.reason());
    }

    @Test
    void namesTheSubjectOnceOnOneLine() {
        assertReport(6, "error: a.png: found two lines, expected one; join them", FAILURE.about(Path.of("a.png")));
        assertReport(
                6,
                "error: a b: found two lines, expected one; join them",
                FAILURE.about("a\nb").about("other"));
        assertReport(
                6,
                "error: a: found two lines, expected one; join them",
                FAILURE.about("a").causedBy(new IOException("x")));
    }

    @Test
    void everyReasonHasItsExitCode() {
        int[] codes = {2, 3, 4, 5, 6};
        for (Reason reason : Reason.values()) {
            assertEquals(
                    codes[reason.ordinal()], print(GlintException.failure(reason, "a", "b", "c"), new StringWriter()));
        }
    }

    @Test
    void saysWhatIsWrongWithAFile() {
        assertReport(3, "error: x: found no such file or folder; check the path", new NoSuchFileException("x"));
        assertReport(
                3,
                "error: x: found no permission; change its owner or mode, or name another path",
                new UncheckedIOException(new AccessDeniedException("x")));
        assertReport(
                3,
                "error: x: found an error of the file system (No space left on device); mend it and try again",
                new FileSystemException("x", null, "No space left on device"));
        assertReport(3, "error: broken pipe", new IOException("broken pipe"));
    }

    @Test
    void ownsUpToAnythingUnforeseen() {
        assertReport(
                1,
                "error: internal: java.lang.IllegalStateException: a b; run again with --debug and report the stack trace",
                new IllegalStateException("a\r\nb"));
    }

    @Test
    void showsTheStackTraceOnlyOnRequest() {
        StringWriter text = new StringWriter();
        FailureReport.print(FAILURE.causedBy(new IOException("the cause")), new PrintWriter(text), true);
        assertTrue(text.toString().contains("FailureReportTest"), text::toString);
        assertTrue(text.toString().contains("the cause"), text::toString);
    }

    private static void assertReport(int code, String line, Throwable failure) {
        StringWriter text = new StringWriter();
        assertEquals(code, print(failure, text));
        assertEquals(line + System.lineSeparator(), text.toString());
    }

    private static int print(Throwable failure, StringWriter text) {
        return FailureReport.print(failure, new PrintWriter(text), false);
    }
}
