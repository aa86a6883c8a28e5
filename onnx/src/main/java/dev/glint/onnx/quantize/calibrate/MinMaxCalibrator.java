package dev.glint.onnx.quantize.calibrate;

import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.onnx.quantize.scheme.TensorScheme;

/** {@link Calibrator#MINMAX}. */
record MinMaxCalibrator() implements Calibrator {
    @Override
    public String name() {
        return "minmax";
    }

    @Override
    public Range range(TensorStatistics statistics, TensorScheme scheme) {
        return statistics.extremes();
    }
}
