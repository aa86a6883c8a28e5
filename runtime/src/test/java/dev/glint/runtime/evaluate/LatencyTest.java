package dev.glint.runtime.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatencyTest {

    @Test
    void percentilesAreNearestRanks() {
        long[] hundred = LongStream.rangeClosed(1, 100).map(i -> 101 - i).toArray();

        assertEquals(new Latency(100, 50, 95, 99), Latency.fromNanos(hundred));
    }

    @Test
    void fewRunsGiveMeasuredValues() {
        assertEquals(new Latency(1, 7, 7, 7), Latency.fromNanos(new long[] {7}));
        assertEquals(new Latency(2, 3, 9, 9), Latency.fromNanos(new long[] {9, 3}));
        assertEquals(new Latency(3, 5, 9, 9), Latency.fromNanos(new long[] {9, 1, 5}));
        // 95 % of 40 is 38, so the 38th; 99 % is 39.6, so the 40th.
        assertEquals(
                new Latency(40, 20, 38, 40),
                Latency.fromNanos(LongStream.rangeClosed(1, 40).toArray()));
    }

    @Test
    void aMedianIsBetweenTwoOfTheMeasuredTimes() {
        // Ranks 40 to 60 of 100 hold the median in 95 of 100 cases: 20 ranks, each 1 % of 50 on either side.
        assertEquals(0.2, Latency.medianError(LongStream.rangeClosed(1, 100).toArray()), 0.021);
        assertEquals(
                0, Latency.medianError(LongStream.generate(() -> 7).limit(50).toArray()));
        // Four times the runs, half the error.
        double few = Latency.medianError(LongStream.rangeClosed(1, 1000).toArray());
        double many = Latency.medianError(LongStream.rangeClosed(1, 4000).toArray());
        assertEquals(2, few / many, 0.1);
    }

    @Test
    void theMeasuredTimesStayAsTheyWere() {
        long[] nanos = {3, 1, 2};

        Latency.fromNanos(nanos);

        assertArrayEquals(new long[] {3, 1, 2}, nanos);
    }

    @Test
    void nothingMeasuredIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Latency.fromNanos(new long[0]));
        assertThrows(IllegalArgumentException.class, () -> new LatencyMeasurement(-1, 1));
        assertThrows(IllegalArgumentException.class, () -> new LatencyMeasurement(0, 0));
    }
}
