package dev.glint.trainer.qat;

import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.quantize.calibrate.Measurement;
import dev.glint.onnx.quantize.calibrate.TensorStatistics;
import java.util.Map;
import java.util.Set;

/** For a network whose ranges are all known. */
final class NoMeasurement implements Measurement {
    @Override
    public Map<String, TensorStatistics> statistics(OnnxModel floats, Set<String> values) {
        if (!values.isEmpty()) {
            throw new IllegalArgumentException("no ranges of " + values);
        }
        return Map.of();
    }

    @Override
    public Map<String, float[]> channelMeans(OnnxModel model, Set<String> values) {
        throw new IllegalArgumentException("means of " + values);
    }

    @Override
    public void observe(OnnxModel model, Set<String> values, Observer observer) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void observeSome(OnnxModel model, Set<String> values, int pictures, Observer observer) {
        throw new UnsupportedOperationException();
    }
}
