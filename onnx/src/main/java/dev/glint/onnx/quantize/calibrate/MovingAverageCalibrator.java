package dev.glint.onnx.quantize.calibrate;

import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.onnx.quantize.scheme.TensorScheme;

/** {@link Calibrator#MOVING_AVERAGE}. */
record MovingAverageCalibrator() implements Calibrator {
    @Override
    public String name() {
        return "moving-average";
    }

    @Override
    public Range range(TensorStatistics statistics, TensorScheme scheme) {
        return statistics.averageExtremes();
    }
}
