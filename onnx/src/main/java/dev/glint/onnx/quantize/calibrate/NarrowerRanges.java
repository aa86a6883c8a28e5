package dev.glint.onnx.quantize.calibrate;

import dev.glint.onnx.quantize.scheme.ActivationEncoding;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.onnx.quantize.scheme.TensorScheme;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/** The ranges that a search goes through: from the whole one down, for as long as an integer is no finer than a bin. */
final class NarrowerRanges {
    private static final int STEPS_PER_HALVING = 16;

    private NarrowerRanges() {}

    /** A range and the integers over it. */
    record Candidate(Range range, ActivationEncoding encoding) {
        /** How many integers there are for elements below 0. */
        int below() {
            return encoding.zeroPoint() - encoding.type().min();
        }

        /** How many there are above. */
        int above() {
            return encoding.type().max() - encoding.zeroPoint();
        }
    }

    /**
     * The candidates.
     *
     * @param range gives the one of a share, 1 for the whole
     * @param width of a bin
     */
    static List<Candidate> of(DoubleFunction<Range> range, TensorScheme scheme, double width) {
        List<Candidate> candidates = new ArrayList<>();
        double before = Double.POSITIVE_INFINITY;
        for (int step = 0; ; step++) {
            Range narrower = range.apply(Math.pow(2, -(double) step / STEPS_PER_HALVING));
            ActivationEncoding encoding = ActivationEncoding.covering(narrower, scheme);
            boolean useful = encoding.scale() < before && encoding.scale() >= width;
            if (step > 0 && !useful) {
                return candidates;
            }
            candidates.add(new Candidate(narrower, encoding));
            before = encoding.scale();
        }
    }
}
