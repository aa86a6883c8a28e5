package dev.glint.onnx.quantize.calibrate;

import java.util.Arrays;

/**
 * How often elements of a value were how large. The bins are as wide as a power of two and begin at its multiples; how
 * wide, the extremes alone decide: the same elements give the same histogram in whatever order and batches they come.
 *
 * @param exponent of the width of a bin
 * @param first the number of the first bin: bin {@code i} holds the elements from {@code (first + i) * 2^exponent} on,
 *     up to where the next begins
 * @param counts of elements other than 0, by bin; at most {@value #BINS}
 * @param zeros how many elements were exactly 0, which every encoding represents exactly
 */
public record Histogram(int exponent, long first, long[] counts, long zeros) {
    /** What a histogram has at most; at least half as many unless the elements are all alike. */
    public static final int BINS = 2048;

    public Histogram {
        if (counts.length > BINS || zeros < 0) {
            throw new IllegalArgumentException(counts.length + " bins, " + zeros + " zeros");
        }
    }

    /** The width of a bin. */
    public double width() {
        return Math.scalb(1.0, exponent);
    }

    /** Where a bin begins. */
    public double start(int bin) {
        return (first + bin) * width();
    }

    /** The middle of a bin. */
    public double middle(int bin) {
        return (first + bin + 0.5) * width();
    }

    /** How many elements there were, zeros included. */
    public long total() {
        return zeros + Arrays.stream(counts).sum();
    }

    /**
     * The sum of the squared differences between the elements and what integers make of them, with each element in the
     * middle of its bin.
     *
     * @param scale of the integers
     * @param below how many integers there are for elements below 0
     * @param above how many there are above
     */
    double squaredError(double scale, int below, int above) {
        double error = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != 0) {
                double element = middle(i);
                double steps = Math.max(-below, Math.min(above, Math.rint(element / scale)));
                double difference = element - steps * scale;
                error += difference * difference * counts[i];
            }
        }
        return error;
    }
}
