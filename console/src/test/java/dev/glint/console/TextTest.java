package dev.glint.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTest {

    @Test
    void controlCharactersCannotReachATerminal() {
        assertEquals("a\ufffd[31mb\ufffdc", Text.printable("a\u001b[31mb\nc"));
        assertEquals("caf\u00e9 \ud83d\udc15", Text.printable("caf\u00e9 \ud83d\udc15"));
    }

    @Test
    void roundedNumbersAreWrittenOut() {
        assertEquals("0.000000", Text.rounded(1e-9, 6).toString());
        assertEquals("0.000001", Text.rounded(5.1e-7, 6).toString());
        assertEquals("1.000000", Text.rounded(0.9999999, 6).toString());
        // 0.5 is exact in binary, so this is a tie; 1.005 lies below its decimal form, so it is none.
        assertEquals("1", Text.rounded(0.5, 0).toString());
        assertEquals("1.00", Text.rounded(1.005, 2).toString());
    }

    @Test
    void theShortestFormHasTheFirstDigitsThatCount() {
        assertEquals("0.0012", Text.shortest(0.00123, 2));
        assertEquals("1300", Text.shortest(1250, 2));
        assertEquals("0.1", Text.shortest(0.1, 2));
        assertEquals("0", Text.shortest(0, 2));
    }

    @Test
    void tablesAlignTheFirstColumnLeftAndTheOthersRight() {
        assertEquals(
                List.of("name   n    x", "a      1  100", "bcd   22"),
                Text.table(List.of(List.of("name", "n", "x"), List.of("a", "1", "100"), List.of("bcd", "22", ""))));
    }
}
