package dev.glint.onnx.quantize.calibrate;

import dev.glint.onnx.graph.OnnxModel;
import java.util.Map;
import java.util.Set;

/** Shows calibration pictures to models. */
public interface Measurement {
    /** What is seen of values of a float model. */
    Map<String, TensorStatistics> statistics(OnnxModel floats, Set<String> values);

    /** The mean of each channel (the second dimension) of values of any model, by value. */
    Map<String, float[]> channelMeans(OnnxModel model, Set<String> values);
}
