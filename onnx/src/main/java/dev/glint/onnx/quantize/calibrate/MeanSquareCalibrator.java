package dev.glint.onnx.quantize.calibrate;

import dev.glint.onnx.quantize.calibrate.NarrowerRanges.Candidate;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.onnx.quantize.scheme.TensorScheme;
import dev.glint.onnx.quantize.scheme.TensorScheme.Symmetry;
import java.util.Comparator;
import java.util.function.DoubleFunction;

/**
 * {@link Calibrator#MSE}. Both ends are drawn in together, and for asymmetric integers then each by itself, for as long as
 * the error falls.
 */
record MeanSquareCalibrator() implements Calibrator {
    @Override
    public String name() {
        return "mse";
    }

    @Override
    public Range range(TensorStatistics statistics, TensorScheme scheme) {
        Histogram histogram = statistics.histogram();
        Range whole = statistics.extremes();
        Range best = best(
                share -> new Range((float) (whole.min() * share), (float) (whole.max() * share)), histogram, scheme);
        if (scheme.symmetry() == Symmetry.SYMMETRIC || whole.min() >= 0 || whole.max() <= 0) {
            return best;
        }
        float low = best.min();
        Range above = best(share -> new Range(low, (float) (whole.max() * share)), histogram, scheme);
        return best(share -> new Range((float) (whole.min() * share), above.max()), histogram, scheme);
    }

    private static Range best(DoubleFunction<Range> range, Histogram histogram, TensorScheme scheme) {
        return NarrowerRanges.of(range, scheme, histogram.width()).stream()
                .min(Comparator.comparingDouble(candidate -> squaredError(candidate, histogram)))
                .map(Candidate::range)
                .orElseThrow();
    }

    private static double squaredError(Candidate candidate, Histogram histogram) {
        return histogram.squaredError(candidate.encoding().scale(), candidate.below(), candidate.above());
    }
}
