package dev.glint.classify.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class MomentTest {
    private static final Moment THEN = new Moment(100_000, 7_000_000);

    @Test
    void aClockThatRunsOnChangesNothing() {
        assertEquals(100_000, THEN.earliestMillis(new Moment(105_000, 5_007_000_000L)));
        assertEquals(5_000, THEN.millisUntil(new Moment(105_000, 5_007_000_000L)));
    }

    @Test
    void aClockThatWasSetOrStoodStillMakesItEarlier() {
        assertEquals(40_000, THEN.earliestMillis(new Moment(45_000, 5_007_000_000L)));
        assertEquals(100_000, THEN.earliestMillis(new Moment(900_000, 5_007_000_000L)));
    }
}
