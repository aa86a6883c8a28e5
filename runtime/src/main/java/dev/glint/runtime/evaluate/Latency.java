package dev.glint.runtime.evaluate;

import java.util.Arrays;

/**
 * How long one inference took over many runs, as percentiles by nearest rank: the p-th percentile is the smallest
 * measured value that at least p % of the runs did not exceed, so each figure is one that was really measured.
 *
 * @param runs how many runs the figures come from, at least 1
 * @param p50Nanos median, nanoseconds
 * @param p95Nanos 95th percentile, nanoseconds
 * @param p99Nanos 99th percentile, nanoseconds; the slowest run where there are fewer than 100
 */
public record Latency(int runs, long p50Nanos, long p95Nanos, long p99Nanos) {
    public Latency {
        if (runs < 1 || p50Nanos < 0 || p95Nanos < p50Nanos || p99Nanos < p95Nanos) {
            throw new IllegalArgumentException(runs + " runs: " + p50Nanos + ", " + p95Nanos + ", " + p99Nanos);
        }
    }

    /**
     * The percentiles of measured times.
     *
     * @param nanos one value per run, nanoseconds, in any order; left as it is
     */
    public static Latency fromNanos(long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return new Latency(sorted.length, percentile(sorted, 50), percentile(sorted, 95), percentile(sorted, 99));
    }

    private static long percentile(long[] sorted, int percent) {
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no runs");
        }
        int rank = (int) (((long) percent * sorted.length + 99) / 100);
        return sorted[rank - 1];
    }
}
