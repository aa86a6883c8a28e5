package dev.glint.trainer.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.trainer.model.Architecture;
import java.util.List;
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
    void theCourseOfSmallVggWarmsUpNoLongerThanAFifth() {
        Schedule schedule = Preset.COURSE.of(Architecture.SMALL_VGG).schedule();
        assertEquals(new LearningRateSchedule.Cosine(0.1, 391, 40 * 391L), schedule.of(0.1, 40, 391));
        assertEquals(new LearningRateSchedule.Cosine(0.1, 234, 3 * 391L), schedule.of(0.1, 3, 391));
    }

    @Test
    void theCourseOfBarCnnStaysConstant() {
        assertEquals(
                new LearningRateSchedule.Constant(0.003),
                Preset.COURSE.of(Architecture.BAR_CNN).schedule().of(0.003, 5, 63));
    }

    @Test
    void oneCycleRisesAndFallsInStraightLines() {
        LearningRateSchedule schedule = new Schedule(Schedule.curve("one-cycle=0.2"), 0).of(0.4, 10, 10);
        assertEquals(new LearningRateSchedule.OneCycle(0.4, 20, 100), schedule);
        assertEquals(0.4 / 21, schedule.at(0), 1e-15);
        assertEquals(0.4 * 20 / 21, schedule.at(19), 1e-15);
        assertEquals(0.4, schedule.at(20), 1e-15);
        assertEquals(0.2, schedule.at(60), 1e-15);
        assertEquals(0.005, schedule.at(99), 1e-15);
        assertEquals(0, schedule.at(1_000), 1e-15);
    }

    @Test
    void stepsFallAfterTheirShares() {
        LearningRateSchedule schedule = new Schedule(Schedule.curve("step=0.1:0.5:0.75"), 1).of(1, 10, 10);
        assertEquals(1 / 11.0, schedule.at(0), 1e-15);
        assertEquals(1, schedule.at(10), 1e-15);
        assertEquals(1, schedule.at(49), 1e-15);
        assertEquals(0.1, schedule.at(50), 1e-15);
        assertEquals(0.1, schedule.at(74), 1e-15);
        assertEquals(0.01, schedule.at(75), 1e-15);
        assertEquals(Schedule.curve("step"), Schedule.curve("step=0.1:0.5:0.75"));
    }

    @Test
    void aConstantRateMayWarmUp() {
        LearningRateSchedule schedule = new Schedule(new Schedule.Constant(), 1).of(0.3, 5, 2);
        assertEquals(0.1, schedule.at(0), 1e-15);
        assertEquals(0.2, schedule.at(1), 1e-15);
        assertEquals(0.3, schedule.at(2), 1e-15);
        assertEquals(0.3, schedule.at(9), 1e-15);
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
            assertThrows(IllegalArgumentException.class, () -> new LearningRateSchedule.Constant(rate));
            assertThrows(IllegalArgumentException.class, () -> new LearningRateSchedule.Cosine(rate, 0, 10));
        }
        assertThrows(IllegalArgumentException.class, () -> new LearningRateSchedule.Cosine(0.1, 10, 10));
        assertThrows(IllegalArgumentException.class, () -> new LearningRateSchedule.Cosine(0.1, -1, 10));
    }
}
