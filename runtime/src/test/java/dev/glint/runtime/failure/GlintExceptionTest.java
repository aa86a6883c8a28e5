package dev.glint.runtime.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException.Reason;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GlintExceptionTest {
    private static final GlintException FAILURE =
            GlintException.failure(Reason.INPUT, "a text file", "a picture", "convert it");

    @Test
    void theLineHasItsPartsInOrder() {
        assertEquals("found a text file, expected a picture; convert it", FAILURE.getMessage());
        assertEquals(
                "a.png: found a text file, expected a picture; convert it, or leave it out",
                FAILURE.about(Path.of("a.png"))
                        .about("another subject")
                        .withAlternative("leave it out")
                        .getMessage());
        Exception cause = new Exception("why");
        assertSame(cause, FAILURE.causedBy(cause).about("a.png").getCause());
    }

    @Test
    void severalLinesBecomeOne() {
        assertEquals(
                "found a b, expected c; d",
                GlintException.failure(Reason.INPUT, "a\r\n\t b", "c", "d\n").getMessage());
    }

    @Test
    void aWordOfAMegabyteIsCutAndTheRemedyStays() {
        String line = String.valueOf(GlintException.failure(Reason.INPUT, " ".repeat(1 << 20) + "\n", "a", "mend it")
                .getMessage());

        assertTrue(line.length() < 3000 && line.endsWith("expected a; mend it"), line);
    }

    /** Title and colour of a terminal, a C1 introducer, backspaces, a carriage return, reversed and hidden text, a lone surrogate. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u001b]0;owned\u0007",
                "\u001b[31mred",
                "\u009b2J",
                "ok\b\b",
                "\u007f",
                "\u0000",
                "\u202egnp.exe",
                "\u2066x\u2069",
                "a\u200bb",
                "\ufeffa",
                "\ud800"
            })
    void nothingFromOutsideActsOnATerminal(String hostile) {
        GlintException failure = GlintException.failure(Reason.INPUT, hostile, hostile, hostile)
                .about(hostile)
                .withAlternative(hostile);

        String shown = String.valueOf(failure.getMessage());
        assertTrue(shown.contains("\ufffd"), shown);
        assertTrue(
                shown.codePoints()
                        .noneMatch(c -> Character.isISOControl(c)
                                || Character.getType(c) == Character.FORMAT
                                || Character.getType(c) == Character.SURROGATE),
                shown);
    }

    @Test
    void lettersOfEveryScriptStay() {
        for (String name :
                new String[] {"Fu\u00df \ud83d\udc15", "\u05d0\u05d1", "\u0646\u0645\u06cc\u200c\u062f", "e\u0301"}) {
            assertSame(name, PrintableText.printable(name));
        }
    }
}
