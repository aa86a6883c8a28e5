package dev.glint.onnx.quantize.calibrate;

import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.onnx.quantize.scheme.TensorScheme;
import dev.glint.onnx.quantize.scheme.TensorScheme.Symmetry;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * {@link Calibrator#percentile}. Symmetric integers lose the elements of the largest magnitude; asymmetric ones those at
 * both ends in equal parts, or where all elements lie on one side of 0 those at the far end.
 */
record PercentileCalibrator(double percent) implements Calibrator {
    static final String NAME = "percentile";

    PercentileCalibrator {
        if (!isValid(percent)) {
            throw new IllegalArgumentException(percent + " percent");
        }
    }

    private static boolean isValid(double percent) {
        return percent > 50 && percent <= 100;
    }

    static Optional<Calibrator> read(String percent) {
        try {
            double value = Double.parseDouble(percent);
            return isValid(value) ? Optional.of(new PercentileCalibrator(value)) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    @Override
    public String name() {
        return NAME + "="
                + new BigDecimal(Double.toString(percent)).stripTrailingZeros().toPlainString();
    }

    /** The range; where so many elements are 0 that the others are all outside, that of these others. */
    @Override
    public Range range(TensorStatistics statistics, TensorScheme scheme) {
        Range extremes = statistics.extremes();
        Histogram histogram = statistics.histogram();
        double outside = histogram.total() * (100 - percent) / 100;
        if (scheme.symmetry() == Symmetry.SYMMETRIC) {
            return byMagnitude(extremes, histogram, outside);
        }
        boolean oneSided = extremes.min() >= 0 || extremes.max() <= 0;
        double atEachEnd = oneSided ? outside : outside / 2;
        float min = extremes.min() >= 0 ? extremes.min() : Math.max(extremes.min(), (float) low(histogram, atEachEnd));
        float max = extremes.max() <= 0 ? extremes.max() : Math.min(extremes.max(), (float) high(histogram, atEachEnd));
        return min == 0 && max == 0 ? extremes : new Range(min, max);
    }

    /** Where the last bin ends behind which no more than so many elements are; 0 if that is below. */
    private static double high(Histogram histogram, double outside) {
        long cut = 0;
        for (int i = histogram.counts().length - 1; i >= 0 && histogram.start(i + 1) > 0; i--) {
            cut += histogram.counts()[i];
            if (cut > outside) {
                return histogram.start(i + 1);
            }
        }
        return 0;
    }

    private static double low(Histogram histogram, double outside) {
        long cut = 0;
        for (int i = 0; i < histogram.counts().length && histogram.start(i) < 0; i++) {
            cut += histogram.counts()[i];
            if (cut > outside) {
                return histogram.start(i);
            }
        }
        return 0;
    }

    private static Range byMagnitude(Range extremes, Histogram histogram, double outside) {
        int from = 0;
        int to = histogram.counts().length - 1;
        long cut = 0;
        while (from <= to) {
            boolean upper = histogram.start(to + 1) >= -histogram.start(from);
            double reach = upper ? histogram.start(to + 1) : -histogram.start(from);
            cut += histogram.counts()[upper ? to-- : from++];
            if (cut > outside) {
                return new Range((float) Math.max(extremes.min(), Math.min(-reach, extremes.max())), (float)
                        Math.min(extremes.max(), Math.max(reach, extremes.min())));
            }
        }
        return extremes;
    }
}
