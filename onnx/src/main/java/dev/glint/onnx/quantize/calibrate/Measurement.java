package dev.glint.onnx.quantize.calibrate;

import dev.glint.onnx.graph.OnnxModel;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;

/** Shows calibration pictures to models. */
public interface Measurement {
    /** What is seen of values of a float model. */
    Map<String, TensorStatistics> statistics(OnnxModel floats, Set<String> values);

    /** The mean of each channel (the second dimension) of values of any model, by value. */
    Map<String, float[]> channelMeans(OnnxModel model, Set<String> values);

    /** Shows values of any model as they are, a batch of pictures at a time. */
    void observe(OnnxModel model, Set<String> values, Observer observer);

    /**
     * Shows values of any model as they are for some of the pictures, spread evenly: for means that do not need all of them.
     *
     * @param pictures how many at most
     */
    void observeSome(OnnxModel model, Set<String> values, int pictures, Observer observer);

    /** Is shown values of a model. */
    @FunctionalInterface
    interface Observer {
        /**
         * What a batch made of a value. The values of a batch are seen by several threads at a time, each value by one; the
         * batches come one after the other.
         *
         * @param elements from the position on; only during this call
         * @param shape batch first, then mostly C, H, W
         */
        void see(String value, FloatBuffer elements, long... shape);
    }
}
