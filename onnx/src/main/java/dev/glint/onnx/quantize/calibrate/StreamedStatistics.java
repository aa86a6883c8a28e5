package dev.glint.onnx.quantize.calibrate;

import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * What is seen of one value, batch by batch, in memory that does not grow: when an element is out of the histogram's reach
 * the width of its bins doubles, each two of them becoming one, until it is not.
 */
final class StreamedStatistics {
    /** The weight of a batch in the moving averages, once there were more than its inverse. */
    private static final double LEAST_WEIGHT = 0.01;

    /** How many times a bin's width at most is halved from the largest power of two within the elements' magnitude. */
    private static final int HALVINGS = 10;

    private final String name;
    private final long[] counts = new long[Histogram.BINS];
    private float min = Float.POSITIVE_INFINITY;
    private float max = Float.NEGATIVE_INFINITY;
    private double meanMin;
    private double meanMax;
    private int batches;
    private long zeros;
    private int exponent = Float.MIN_EXPONENT;
    private long first;

    StreamedStatistics(String name) {
        this.name = name;
    }

    /**
     * Adds a batch, from the buffer's position to its limit.
     *
     * @throws GlintException ({@code MODEL}) if an element is not finite
     */
    void add(FloatBuffer elements) {
        if (!elements.hasRemaining()) {
            return;
        }
        if (elements.hasArray()) {
            int from = elements.arrayOffset() + elements.position();
            add(elements.array(), from, from + elements.remaining());
        } else {
            float[] copy = new float[elements.remaining()];
            elements.duplicate().get(copy);
            add(copy, 0, copy.length);
        }
    }

    private void add(float[] elements, int from, int to) {
        Range batch = extremes(elements, from, to);
        batches++;
        double weight = Math.max(1.0 / batches, LEAST_WEIGHT);
        meanMin += weight * (batch.min() - meanMin);
        meanMax += weight * (batch.max() - meanMax);
        reach(batch);
        count(elements, from, to);
    }

    /** In two chains of comparisons, which a processor follows side by side. */
    @SuppressWarnings("IdentityBinaryExpression") // x - x is 0 of finite numbers alone.
    private Range extremes(float[] elements, int from, int to) {
        float low = elements[from];
        float high = low;
        float low2 = low;
        float high2 = low;
        // Stays 0 unless an element is infinite or no number.
        float nothing = low - low;
        int i = from;
        for (; i < to - 1; i += 2) {
            float one = elements[i];
            float two = elements[i + 1];
            low = one < low ? one : low;
            high = one > high ? one : high;
            low2 = two < low2 ? two : low2;
            high2 = two > high2 ? two : high2;
            nothing += one - one + (two - two);
        }
        float last = elements[to - 1];
        nothing += last - last;
        if (nothing != 0 || Float.isNaN(nothing)) {
            throw GlintException.failure(
                    Reason.MODEL,
                    "values that are not finite in " + name,
                    "finite numbers for every picture",
                    "fit the model again; its weights have diverged");
        }
        return new Range(Math.min(Math.min(low, low2), last), Math.max(Math.max(high, high2), last));
    }

    /** Makes bins as wide as all extremes together need. */
    private void reach(Range batch) {
        float low = Math.min(min, batch.min());
        float high = Math.max(max, batch.max());
        int wide = Math.max(exponent, Math.getExponent(Math.max(-low, high)) - HALVINGS);
        while (bin(high, wide) - bin(low, wide) >= Histogram.BINS) {
            wide++;
        }
        long start = bin(low, wide);
        if (batches > 1 && (wide > exponent || start != first)) {
            move(wide, start);
        }
        exponent = wide;
        first = start;
        min = low;
        max = high;
    }

    private static long bin(float element, int exponent) {
        return (long) Math.floor(Math.scalb((double) element, -exponent));
    }

    private void move(int wide, long start) {
        long[] old = counts.clone();
        Arrays.fill(counts, 0);
        for (int i = 0; i < old.length; i++) {
            if (old[i] != 0) {
                long at = Math.floorDiv(first + i, 1L << Math.min(62, wide - exponent));
                counts[(int) (at - start)] += old[i];
            }
        }
    }

    private void count(float[] elements, int from, int to) {
        double perWidth = Math.scalb(1.0, -exponent);
        double start = first;
        long empty = 0;
        for (int i = from; i < to; i++) {
            float element = elements[i];
            if (element == 0) {
                empty++;
            } else {
                // Exact, since the width is a power of two.
                counts[(int) (element * perWidth - start)]++;
            }
        }
        zeros += empty;
    }

    TensorStatistics statistics() {
        if (batches == 0) {
            throw new IllegalStateException("nothing was seen of " + name);
        }
        int used = (int) (bin(max, exponent) - first) + 1;
        return new TensorStatistics(
                new Range(min, max),
                new Range((float) meanMin, (float) meanMax),
                new Histogram(exponent, first, Arrays.copyOf(counts, used), zeros));
    }
}
