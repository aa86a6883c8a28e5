package dev.glint.runtime.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class AlphaRuleTest {
    @Test
    void aColourHasComponentsOfAByte() {
        assertEquals(255, new AlphaRule.CompositeOver(0, 0, 255).blue());
        for (int[] color : new int[][] {{256, 0, 0}, {0, -1, 0}, {0, 0, 256}}) {
            assertThrows(
                    IllegalArgumentException.class, () -> new AlphaRule.CompositeOver(color[0], color[1], color[2]));
        }
    }
}
