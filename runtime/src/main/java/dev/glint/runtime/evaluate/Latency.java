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
    /** Half of 1.96, times the root of the number of runs. */
    private static final double MEDIAN_RANKS = 0.98;

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

    /**
     * Half the width of the interval that holds the true median with a confidence of 95 %, as a share of the measured one. It
     * lies between two of the measured times, whatever their distribution is (W. J. Conover, "Practical Nonparametric
     * Statistics", 3rd edition, section 3.2).
     */
    static double medianError(long... nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        double half = MEDIAN_RANKS * Math.sqrt(sorted.length);
        int low = (int) Math.max(0, Math.floor(sorted.length / 2.0 - half) - 1);
        int high = (int) Math.min(sorted.length - 1, Math.ceil(sorted.length / 2.0 + half));
        return (sorted[high] - sorted[low]) / 2.0 / Math.max(1, percentile(sorted, 50));
    }

    private static long percentile(long[] sorted, int percent) {
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no runs");
        }
        int rank = (int) (((long) percent * sorted.length + 99) / 100);
        return sorted[rank - 1];
    }
}
