package dev.glint.runtime.drift;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How many pictures had a value in each of some bins.
 *
 * @param counts none negative, their sum below 2^53
 */
public record Histogram(List<Long> counts) {
    private static final long MOST = 1L << 53;

    public Histogram {
        counts = List.copyOf(counts);
        long total = 0;
        for (long count : counts) {
            if (count < 0 || count > MOST - total) {
                throw new IllegalArgumentException("a count of " + count);
            }
            total += count;
        }
    }

    static Histogram empty(int bins) {
        return new Histogram(Collections.nCopies(bins, 0L));
    }

    /** How many values there are. */
    public long total() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    /** The values of both, whose bins are the same. */
    Histogram plus(Histogram other) {
        if (counts.size() != other.counts.size()) {
            throw new IllegalArgumentException(counts.size() + " and " + other.counts.size() + " bins");
        }
        List<Long> sums = new ArrayList<>(counts.size());
        for (int i = 0; i < counts.size(); i++) {
            sums.add(counts.get(i) + other.counts.get(i));
        }
        return new Histogram(sums);
    }
}
