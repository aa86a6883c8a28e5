package dev.glint.trainer.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.glint.trainer.fit.ConfusionMatrix.ClassMetrics;
import dev.glint.trainer.fit.ConfusionMatrix.Confusion;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConfusionMatrixTest {
    /** Rows are true classes: 6 cats, 4 dogs, no fish, 2 birds; nothing was taken for a bird. */
    private static final ConfusionMatrix MATRIX = new ConfusionMatrix(
            List.of("cat", "dog", "fish", "bird"),
            new int[][] {{3, 2, 1, 0}, {1, 3, 0, 0}, {0, 0, 0, 0}, {2, 0, 0, 0}});

    @Test
    void countsByHand() {
        assertEquals(12, MATRIX.total());
        assertEquals(6, MATRIX.correct());
        assertEquals(0.5, MATRIX.accuracy());
        assertEquals(new ClassMetrics(0.5, 0.5, 0.5, 6, 6), MATRIX.metrics(0));
        assertEquals(new ClassMetrics(0.6, 0.75, 6 / 9.0, 4, 5), MATRIX.metrics(1));
    }

    @Test
    void whatCannotBeDividedIsZero() {
        assertEquals(new ClassMetrics(0, 0, 0, 0, 1), MATRIX.metrics(2), "no picture of the class");
        assertEquals(new ClassMetrics(0, 0, 0, 2, 0), MATRIX.metrics(3), "nothing taken for the class");
        assertEquals((0.5 + 6 / 9.0) / 4, MATRIX.macroF1(), 1e-15);
        assertEquals(0, new ConfusionMatrix(List.of("a"), new int[1][1]).accuracy());
    }

    @Test
    void theMostFrequentConfusionsComeFirst() {
        assertEquals(
                List.of(new Confusion(0, 1, 2), new Confusion(3, 0, 2), new Confusion(0, 2, 1)),
                MATRIX.topConfusions(3));
        assertEquals(4, MATRIX.topConfusions(100).size());
    }

    @Test
    void whatIsNoMatrixIsRefused() {
        List<String> labels = List.of("a", "b");
        assertThrows(IllegalArgumentException.class, () -> new ConfusionMatrix(labels, new int[][] {{1, 2}}));
        assertThrows(IllegalArgumentException.class, () -> new ConfusionMatrix(labels, new int[][] {{1, 2}, {3}}));
        assertThrows(IllegalArgumentException.class, () -> new ConfusionMatrix(labels, new int[][] {{1, 2}, {3, -1}}));
    }

    @Test
    void keepsItsOwnCounts() {
        int[][] counts = {{1, 0}, {0, 1}};
        ConfusionMatrix matrix = new ConfusionMatrix(List.of("a", "b"), counts);
        counts[0][0] = 99;
        assertEquals(2, matrix.total());
    }
}
