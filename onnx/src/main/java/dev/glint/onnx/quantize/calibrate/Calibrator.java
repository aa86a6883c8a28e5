package dev.glint.onnx.quantize.calibrate;

import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.onnx.quantize.scheme.TensorScheme;

/** Decides the range of an activation from what was seen of it. */
public interface Calibrator {
    /** From the smallest to the largest element: nothing is cut off. */
    Calibrator MINMAX = new Calibrator() {
        @Override
        public String name() {
            return "minmax";
        }

        @Override
        public Range range(TensorStatistics statistics, TensorScheme scheme) {
            return statistics.extremes();
        }
    };

    /** As options and manifests name it. */
    String name();

    /**
     * The range that integers are to reach over.
     *
     * @param scheme of the activation
     */
    Range range(TensorStatistics statistics, TensorScheme scheme);
}
