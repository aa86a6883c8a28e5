package dev.glint.runtime.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutputKindTest {
    @Test
    void logitsAreFinite() {
        assertEquals(Optional.empty(), OutputKind.LOGITS.flaw(new float[] {-3e38f, 0, 7}));
        assertEquals(Optional.of("a logit of NaN"), OutputKind.LOGITS.flaw(new float[] {1, Float.NaN}));
        assertEquals(Optional.of("a logit of NaN"), OutputKind.INDEPENDENT_LOGITS.flaw(new float[] {1, Float.NaN}));
        assertEquals(Optional.of("a logit of Infinity"), OutputKind.LOGITS.flaw(new float[] {Float.POSITIVE_INFINITY}));
    }

    @Test
    void eachSaysWhatItExpects() {
        assertEquals("finite logits", OutputKind.LOGITS.expectation());
        assertEquals("finite logits", OutputKind.INDEPENDENT_LOGITS.expectation());
        assertEquals("probabilities of 0 to 1 that add up to 1", OutputKind.PROBABILITIES.expectation());
    }

    @Test
    void probabilitiesAreFromZeroToOneAndAddUpToOne() {
        for (float[] sound : new float[][] {
            {1, 0}, {0.3f, 0.7f}, {1.000001f, 0}, {0.33f, 0.33f, 0.33f}, {-0f, 1}, {0.35f, 0.35f, 0.35f}
        }) {
            assertEquals(Optional.empty(), OutputKind.PROBABILITIES.flaw(sound));
        }
        assertEquals(Optional.of("a probability of -0.001"), OutputKind.PROBABILITIES.flaw(new float[] {1, -0.001f}));
        assertEquals(Optional.of("a probability of 1.1"), OutputKind.PROBABILITIES.flaw(new float[] {1.1f, 0}));
        assertEquals(Optional.of("a probability of NaN"), OutputKind.PROBABILITIES.flaw(new float[] {1, Float.NaN}));
        assertEquals(
                Optional.of("probabilities that add up to 1.5"),
                OutputKind.PROBABILITIES.flaw(new float[] {0.75f, 0.75f}));
        assertEquals(
                Optional.of("probabilities that add up to 0.0"), OutputKind.PROBABILITIES.flaw(new float[] {0, 0}));
    }
}
