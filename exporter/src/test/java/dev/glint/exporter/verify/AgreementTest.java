package dev.glint.exporter.verify;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import org.junit.jupiter.api.Test;

class AgreementTest {
    @Test
    void closeIsWhatGivesTheSameAnswersWithLittleNoise() {
        assertTrue(new Agreement(10, "x", 9, 12).isClose());
        assertFalse(new Agreement(10, "x", 8, 40).isClose());
        assertFalse(new Agreement(10, "x", 10, 11.9).isClose());
    }

    @Test
    void nothingIsLeftOfNoiseNorOfFewAnswersThatHardlyStandOut() {
        assertDoesNotThrow(() -> new Agreement(10, "x", 6, 2).requireNoCollapse());
        assertDoesNotThrow(() -> new Agreement(10, "x", 5, 10).requireNoCollapse());
        for (Agreement collapsed : new Agreement[] {new Agreement(10, "x", 5, 9.9), new Agreement(10, "x", 10, 1.9)}) {
            GlintException refused = assertThrows(GlintException.class, collapsed::requireNoCollapse);
            assertEquals(GlintException.Reason.GATE, refused.reason());
            assertTrue(refused.getMessage().contains("of 10 answers of fp32"), refused.getMessage());
        }
    }

    @Test
    void noiseTellsNarrowRangesWhateverItsClass() {
        assertDoesNotThrow(() -> new Agreement(4, "noise", 0, 5).requireWideRanges());
        assertThrows(GlintException.class, () -> new Agreement(4, "noise", 4, 4.9).requireWideRanges());
    }

    @Test
    void whatMakesNoSenseIsNone() {
        assertThrows(IllegalArgumentException.class, () -> new Agreement(0, "x", 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new Agreement(2, "x", 3, 1));
        assertThrows(IllegalArgumentException.class, () -> new Agreement(2, "x", 2, Double.NaN));
    }
}
