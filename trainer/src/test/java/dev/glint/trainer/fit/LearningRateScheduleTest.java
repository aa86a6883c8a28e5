package dev.glint.trainer.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.trainer.augment.Augmentations;
import dev.glint.trainer.model.Architecture;
import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {
    @Test
    void cosineFallsFromThePeakToZero() {
        LearningRateSchedule schedule = new LearningRateSchedule.Cosine(0.1, 0, 100);
        assertEquals(0.1, schedule.at(0), 1e-15);
        assertEquals(0.1 * (1 + Math.sqrt(0.5)) / 2, schedule.at(25), 1e-15);
        assertEquals(0.05, schedule.at(50), 1e-15);
        assertEquals(0.1 * (1 - Math.sqrt(0.5)) / 2, schedule.at(75), 1e-15);
        assertEquals(0, schedule.at(100), 1e-15);
        assertEquals(0, schedule.at(1_000), 1e-15, "and stays there");
        for (int step = 1; step < 100; step++) {
            assertTrue(schedule.at(step) < schedule.at(step - 1));
        }
    }

    @Test
    void warmUpRisesInEqualStepsToThePeak() {
        LearningRateSchedule schedule = new LearningRateSchedule.Cosine(0.1, 4, 104);
        assertEquals(0.02, schedule.at(0), 1e-15);
        assertEquals(0.08, schedule.at(3), 1e-15);
        assertEquals(0.1, schedule.at(4), 1e-15);
        assertEquals(0.05, schedule.at(54), 1e-15);
    }

    @Test
    void theRecipeOfSmallVggWarmsUpNoLongerThanAFifth() {
        Recipe forty = Recipe.defaultFor(Architecture.SMALL_VGG);
        LearningRateSchedule.Cosine schedule = (LearningRateSchedule.Cosine) forty.schedule(391);
        assertEquals(new LearningRateSchedule.Cosine(0.1, 391, 40 * 391L), schedule);
        Recipe three = new Recipe(
                3,
                128,
                forty.optimizer(),
                0.1,
                forty.weightDecay(),
                forty.decline(),
                forty.warmupEpochs(),
                Augmentations.NONE);
        assertEquals(new LearningRateSchedule.Cosine(0.1, 234, 3 * 391L), three.schedule(391));
    }

    @Test
    void theRecipeOfBarCnnStaysConstant() {
        assertEquals(
                new LearningRateSchedule.Constant(0.003),
                Recipe.defaultFor(Architecture.BAR_CNN).schedule(63));
    }

    @Test
    void refusesRatesThatAreNone() {
        for (double rate : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThrows(IllegalArgumentException.class, () -> new LearningRateSchedule.Constant(rate));
            assertThrows(IllegalArgumentException.class, () -> new LearningRateSchedule.Cosine(rate, 0, 10));
        }
        assertThrows(IllegalArgumentException.class, () -> new LearningRateSchedule.Cosine(0.1, 10, 10));
        assertThrows(IllegalArgumentException.class, () -> new LearningRateSchedule.Cosine(0.1, -1, 10));
    }
}
