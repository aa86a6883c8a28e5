package dev.glint.trainer.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.glint.trainer.data.PlainLabels;
import dev.glint.trainer.engine.TorchEngine;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepResultsTest {
    private NDManager manager;

    @BeforeEach
    void open() {
        manager = TorchEngine.newManager(1);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    /** Seven steps, the last one with a smaller batch. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 50})
    void readingTogetherGivesTheSameScore(int stepsPerReading) {
        ScoreSum expected = new ScoreSum();
        Random random = new Random(1);
        try (StepResults results = new StepResults(manager, stepsPerReading)) {
            int before = manager.getManagedArrays().size();
            int[] labels = new int[8];
            for (int step = 0; step < 7; step++) {
                int size = step == 6 ? 3 : 8;
                float[] logits = new float[2 * size];
                for (int i = 0; i < logits.length; i++) {
                    logits[i] = (float) random.nextGaussian();
                }
                for (int i = 0; i < size; i++) {
                    labels[i] = random.nextInt(2);
                }
                PlainLabels batch = new PlainLabels(labels, 0, size);
                expected.add(logits, batch);
                assertTrue(add(results, step, logits, batch));
                int read = Math.max(0, step - (step + 1) % stepsPerReading);
                assertEquals(read, results.loss(), "the last one that was read");
            }
            assertTrue(results.read());
            assertEquals(6, results.loss());
            assertEquals(7, results.steps());
            assertEquals(expected.score(), results.score());
            assertEquals(before, manager.getManagedArrays().size());
        }
    }

    private boolean add(StepResults results, float loss, float[] logits, PlainLabels labels) {
        try (NDManager step = manager.newSubManager()) {
            return results.add(step.create(loss), step.create(logits, new Shape(labels.size(), 2)), labels);
        }
    }

    @Test
    void aLossThatIsNoNumberIsFoundAtTheNextReading() {
        PlainLabels one = new PlainLabels(new int[] {1}, 0, 1);
        try (StepResults results = new StepResults(manager, 3)) {
            float[] losses = {1, Float.NaN, 2};
            assertTrue(add(results, losses[0], new float[2], one));
            assertTrue(add(results, losses[1], new float[2], one));
            assertFalse(add(results, losses[2], new float[2], one));
            assertTrue(Float.isNaN(results.loss()));
            assertEquals(2, results.steps(), "up to the one that is no number");
        }
        try (StepResults results = new StepResults(manager, 1)) {
            assertFalse(add(results, Float.POSITIVE_INFINITY, new float[2], one));
            assertEquals(Float.POSITIVE_INFINITY, results.loss());
        }
    }
}
