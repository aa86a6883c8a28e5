package dev.glint.onnx.quantize.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FidelityTest {
    private static Fidelity noises(double... noises) {
        double[] signals = new double[noises.length];
        Arrays.fill(signals, 100);
        return new Fidelity(signals, noises);
    }

    @Test
    void whatEveryPictureSaysIsClear() {
        assertTrue(noises(1, 2, 3, 4).isClearlyAbove(noises(1.1, 2.1, 3.1, 4.2)));
        assertFalse(noises(1.1, 2.1, 3.1, 4.2).isClearlyAbove(noises(1, 2, 3, 4)));
    }

    @Test
    void whatOnePictureOfManySaysIsChance() {
        Fidelity before = noises(1, 1, 1, 9, 1, 1);
        Fidelity after = noises(1.2, 1.2, 1.2, 7.8, 1.2, 1.2);

        assertTrue(after.decibels() > before.decibels());
        assertFalse(after.isClearlyAbove(before));
    }

    @Test
    void modelIsNotAboveItself() {
        assertFalse(noises(1, 2, 3).isClearlyAbove(noises(1, 2, 3)));
        assertFalse(noises(0, 0).isClearlyAbove(noises(0, 0)));
    }

    @Test
    void whatIsNoNumberIsBelowAllElse() {
        Fidelity broken = noises(1, Double.NaN);
        assertEquals(Double.NEGATIVE_INFINITY, broken.decibels());
        assertTrue(noises(50, 50).isClearlyAbove(broken));
        assertFalse(broken.isClearlyAbove(noises(50, 50)));
        assertFalse(broken.isClearlyAbove(broken));
        assertEquals(Double.POSITIVE_INFINITY, noises(0).decibels());
    }
}
