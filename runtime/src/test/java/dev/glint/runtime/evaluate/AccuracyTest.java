package dev.glint.runtime.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AccuracyTest {
    @Test
    void aDropOfJustThePointsIsNoneTooMany() {
        Accuracy all = new Accuracy(20, 20);
        // 100 * (1.0 - 0.45) is 55.00000000000001 in doubles.
        assertFalse(new Accuracy(9, 20).dropsMoreThan(55, all));
        assertTrue(new Accuracy(9, 20).dropsMoreThan(54.99, all));
        assertTrue(new Accuracy(8, 20).dropsMoreThan(55, all));
        for (int correct = 0; correct <= 1000; correct++) {
            Accuracy accuracy = new Accuracy(correct, 1000);
            double drop = (1000 - correct) / 10.0;
            assertFalse(accuracy.dropsMoreThan(drop, new Accuracy(1000, 1000)), () -> accuracy + " by " + drop);
            assertEquals(drop, accuracy.dropPoints(new Accuracy(1000, 1000)));
        }
    }

    @Test
    void aGainIsNoDrop() {
        assertFalse(new Accuracy(3, 4).dropsMoreThan(0, new Accuracy(2, 4)));
        assertEquals(-25, new Accuracy(3, 4).dropPoints(new Accuracy(2, 4)));
    }

    @Test
    void largeSetsDoNotOverflow() {
        int most = Integer.MAX_VALUE;
        assertTrue(new Accuracy(0, most).dropsMoreThan(99.9, new Accuracy(most, most)));
        assertFalse(new Accuracy(0, most).dropsMoreThan(100, new Accuracy(most, most)));
    }

    @Test
    void countsMakeSense() {
        assertThrows(IllegalArgumentException.class, () -> new Accuracy(0, 0));
        assertThrows(IllegalArgumentException.class, () -> new Accuracy(3, 2));
        assertThrows(IllegalArgumentException.class, () -> new Accuracy(-1, 2));
        assertEquals(0.5, new Accuracy(1, 2).share());
    }
}
