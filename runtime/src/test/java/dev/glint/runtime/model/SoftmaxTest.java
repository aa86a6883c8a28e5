package dev.glint.runtime.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SoftmaxTest {
    /** Two pictures of three classes. */
    private static final float[] LOGITS = {9, 9, 9, 1, 3, 2};

    @Test
    void probabilitiesAreThoseOfTheChosenPicture() {
        double sum = Math.exp(1) + Math.exp(3) + Math.exp(2);
        assertArrayEquals(
                new double[] {Math.exp(1) / sum, Math.exp(3) / sum, Math.exp(2) / sum},
                Softmax.probabilities(LOGITS, 3, 3),
                1e-15);
        assertArrayEquals(new double[] {1 / 3.0, 1 / 3.0, 1 / 3.0}, Softmax.probabilities(LOGITS, 0, 3), 1e-15);
    }

    @Test
    void crossEntropyIsMinusTheLogarithm() {
        assertEquals(-Math.log(Softmax.probabilities(LOGITS, 3, 3)[2]), Softmax.crossEntropy(LOGITS, 3, 3, 2), 1e-15);
    }

    @Test
    void largeLogitsNeitherOverflowNorVanish() {
        float[] far = {3e4f, 0, -3e4f};
        assertArrayEquals(new double[] {1, 0, 0}, Softmax.probabilities(far, 0, 3));
        assertEquals(6e4, Softmax.crossEntropy(far, 0, 3, 2));
        assertEquals(Double.NaN, Softmax.crossEntropy(new float[] {Float.NaN, 1}, 0, 2, 1));
    }
}
