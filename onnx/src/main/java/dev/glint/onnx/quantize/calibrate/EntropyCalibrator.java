package dev.glint.onnx.quantize.calibrate;

import dev.glint.onnx.quantize.calibrate.NarrowerRanges.Candidate;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.onnx.quantize.scheme.TensorScheme;
import java.util.Comparator;

/**
 * {@link Calibrator#ENTROPY}. For each candidate range the distribution of the elements, with those outside in the last
 * bins inside, is held against what integers leave of it: the elements of an integer spread evenly over its bins, those
 * outside unknown. Zeros, which no integer changes, are left out.
 */
record EntropyCalibrator() implements Calibrator {
    /** What a bin is thought to hold, as a share of one element, of which nothing was seen inside. */
    private static final double UNSEEN = 0.5;

    @Override
    public String name() {
        return "entropy";
    }

    @Override
    public Range range(TensorStatistics statistics, TensorScheme scheme) {
        Range whole = statistics.extremes();
        Histogram histogram = statistics.histogram();
        return NarrowerRanges.of(
                        share -> new Range((float) (whole.min() * share), (float) (whole.max() * share)),
                        scheme,
                        histogram.width())
                .stream()
                .min(Comparator.comparingDouble(candidate -> divergence(candidate, histogram)))
                .map(Candidate::range)
                .orElseThrow();
    }

    /** The Kullback-Leibler divergence of what integers leave from what there was; infinite where nothing is inside. */
    private static double divergence(Candidate candidate, Histogram histogram) {
        int bins = histogram.counts().length;
        int from = 0;
        while (from < bins && level(candidate, histogram, from) < -candidate.below()) {
            from++;
        }
        int to = bins;
        while (to > from && level(candidate, histogram, to - 1) > candidate.above()) {
            to--;
        }
        if (from == to) {
            return Double.POSITIVE_INFINITY;
        }
        double[] seen = new double[to - from];
        double inside = 0;
        for (int i = 0; i < bins; i++) {
            seen[Math.max(from, Math.min(to - 1, i)) - from] += histogram.counts()[i];
            inside += i >= from && i < to ? histogram.counts()[i] : 0;
        }
        return divergence(seen, left(seen, candidate, histogram, from), inside);
    }

    private static long level(Candidate candidate, Histogram histogram, int bin) {
        return Math.round(histogram.middle(bin) / candidate.encoding().scale());
    }

    /** What integers leave: each one's elements, spread over its bins in which anything was seen. */
    private static double[] left(double[] seen, Candidate candidate, Histogram histogram, int from) {
        double[] left = new double[seen.length];
        int begin = 0;
        while (begin < seen.length) {
            long level = level(candidate, histogram, from + begin);
            int end = begin;
            long sum = 0;
            int filled = 0;
            while (end < seen.length && level(candidate, histogram, from + end) == level) {
                sum += histogram.counts()[from + end];
                filled += seen[end] > 0 ? 1 : 0;
                end++;
            }
            for (int i = begin; i < end; i++) {
                left[i] = seen[i] > 0 ? (double) sum / filled : 0;
            }
            begin = end;
        }
        return left;
    }

    private static double divergence(double[] seen, double[] left, double inside) {
        double total = 0;
        for (double count : seen) {
            total += count;
        }
        double divergence = 0;
        for (int i = 0; i < seen.length; i++) {
            if (seen[i] > 0) {
                double expected = Math.max(left[i], UNSEEN) / Math.max(inside, UNSEEN);
                divergence += seen[i] / total * Math.log(seen[i] / total / expected);
            }
        }
        return divergence;
    }
}
