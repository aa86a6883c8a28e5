package dev.glint.trainer.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.preset.Preset;
import java.util.List;
import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {
    @Test
    void cosineFallsFromThePeakToZero() {
        LearningRateSchedule schedule = new LearningRateSchedule(new Schedule.Cosine(), 0.1, 0, 100);
        assertEquals(0.1, schedule.rate(0), 1e-15);
        assertEquals(0.1 * (1 + Math.sqrt(0.5)) / 2, schedule.rate(25), 1e-15);
        assertEquals(0.05, schedule.rate(50), 1e-15);
        assertEquals(0.1 * (1 - Math.sqrt(0.5)) / 2, schedule.rate(75), 1e-15);
        assertEquals(0, schedule.rate(100), 1e-15);
        assertEquals(0, schedule.rate(1_000), 1e-15, "and stays there");
        for (int step = 1; step < 100; step++) {
            assertTrue(schedule.rate(step) < schedule.rate(step - 1));
        }
    }

    @Test
    void warmUpRisesInEqualStepsToThePeak() {
        LearningRateSchedule schedule = new LearningRateSchedule(new Schedule.Cosine(), 0.1, 4, 104);
        assertEquals(0.02, schedule.rate(0), 1e-15);
        assertEquals(0.08, schedule.rate(3), 1e-15);
        assertEquals(0.1, schedule.rate(4), 1e-15);
        assertEquals(0.05, schedule.rate(54), 1e-15);
    }

    @Test
    void theCourseOfSmallVggWarmsUpNoLongerThanAFifth() {
        Schedule schedule = Preset.COURSE.recipe(Architecture.SMALL_VGG).schedule();
        assertEquals(
                new LearningRateSchedule(new Schedule.Cosine(), 0.1, 391, 40 * 391L), schedule.rates(0.1, 40, 391));
        assertEquals(new LearningRateSchedule(new Schedule.Cosine(), 0.1, 234, 3 * 391L), schedule.rates(0.1, 3, 391));
    }

    @Test
    void theCourseOfBarCnnStaysConstant() {
        assertEquals(
                new LearningRateSchedule(new Schedule.Constant(), 0.003, 0, 5 * 63L),
                Preset.COURSE.recipe(Architecture.BAR_CNN).schedule().rates(0.003, 5, 63));
    }

    @Test
    void oneCycleRisesAndFallsInStraightLines() {
        LearningRateSchedule schedule = new Schedule(Schedule.curve("one-cycle=0.2"), 0).rates(0.4, 10, 10);
        assertEquals(0.4 / 21, schedule.rate(0), 1e-15);
        assertEquals(0.4 * 20 / 21, schedule.rate(19), 1e-15);
        assertEquals(0.4, schedule.rate(20), 1e-15);
        assertEquals(0.2, schedule.rate(60), 1e-15);
        assertEquals(0.005, schedule.rate(99), 1e-15);
        assertEquals(0, schedule.rate(1_000), 1e-15);
    }

    /** A fit of one step, or a rise that takes all steps but a part of one. */
    @Test
    void oneCycleOfFewStepsFallsInTheLastOne() {
        Schedule schedule = new Schedule(Schedule.curve("one-cycle=0.9"), 0);
        assertEquals(0.4, schedule.rates(0.4, 1, 1).rate(0), 1e-15);
        LearningRateSchedule two = schedule.rates(0.4, 2, 1);
        assertEquals(0.2, two.rate(0), 1e-15);
        assertEquals(0.4, two.rate(1), 1e-15);
    }

    @Test
    void stepsFallAfterTheirShares() {
        LearningRateSchedule schedule = new Schedule(Schedule.curve("step=0.1:0.5:0.75"), 1).rates(1, 10, 10);
        assertEquals(1 / 11.0, schedule.rate(0), 1e-15);
        assertEquals(1, schedule.rate(10), 1e-15);
        assertEquals(1, schedule.rate(49), 1e-15);
        assertEquals(0.1, schedule.rate(50), 1e-15);
        assertEquals(0.1, schedule.rate(74), 1e-15);
        assertEquals(0.01, schedule.rate(75), 1e-15);
        assertEquals(Schedule.curve("step"), Schedule.curve("step=0.1:0.5:0.75"));
    }

    @Test
    void aConstantRateMayWarmUp() {
        LearningRateSchedule schedule = new Schedule(new Schedule.Constant(), 1).rates(0.3, 5, 2);
        assertEquals(0.1, schedule.rate(0), 1e-15);
        assertEquals(0.2, schedule.rate(1), 1e-15);
        assertEquals(0.3, schedule.rate(2), 1e-15);
        assertEquals(0.3, schedule.rate(9), 1e-15);
    }

    @Test
    void refusesCurvesThatAreNone() {
        for (String text : List.of(
                "",
                "sine",
                "cosine=1",
                "one-cycle=0",
                "one-cycle=1",
                "one-cycle=0.1:0.2",
                "one-cycle=much",
                "step=2:0.5",
                "step=0.1",
                "step=0.1:0.7:0.5",
                "step=0.1:1")) {
            assertThrows(IllegalArgumentException.class, () -> Schedule.curve(text), text);
        }
        for (String text : List.of("constant", "cosine", "one-cycle=0.25", "step=0.2:0.4:0.8")) {
            assertEquals(text, Schedule.curve(text).toString());
        }
    }

    @Test
    void refusesRatesThatAreNone() {
        for (double rate : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new LearningRateSchedule(new Schedule.Constant(), rate, 0, 10));
            assertThrows(
                    IllegalArgumentException.class, () -> new LearningRateSchedule(new Schedule.Cosine(), rate, 0, 10));
        }
        assertThrows(
                IllegalArgumentException.class, () -> new LearningRateSchedule(new Schedule.Cosine(), 0.1, 10, 10));
        assertThrows(
                IllegalArgumentException.class, () -> new LearningRateSchedule(new Schedule.Cosine(), 0.1, -1, 10));
    }
}
