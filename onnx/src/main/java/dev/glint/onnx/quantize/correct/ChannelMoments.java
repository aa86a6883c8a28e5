package dev.glint.onnx.quantize.correct;

import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.quantize.calibrate.Measurement;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Smallest, largest, mean and mean square of the elements of each channel, the second dimension of a value. */
final class ChannelMoments {
    private final float[] min;
    private final float[] max;
    private final double[] sums;
    private final double[] squares;
    private long elementsPerChannel;

    ChannelMoments(int channels) {
        this.min = new float[channels];
        this.max = new float[channels];
        this.sums = new double[channels];
        this.squares = new double[channels];
        Arrays.fill(min, Float.POSITIVE_INFINITY);
        Arrays.fill(max, Float.NEGATIVE_INFINITY);
    }

    /**
     * What calibration pictures make of values of a model.
     *
     * @param channels how many each has
     */
    static Map<String, ChannelMoments> measure(
            OnnxModel model, Map<String, Integer> channels, Measurement measurement) {
        Map<String, ChannelMoments> moments = new ConcurrentHashMap<>();
        measurement.observe(
                model,
                channels.keySet(),
                (value, elements, shape) -> moments.computeIfAbsent(
                                value, key -> new ChannelMoments(Objects.requireNonNull(channels.get(key))))
                        .add(elements, Math.toIntExact(shape[0])));
        return moments;
    }

    /**
     * Adds a batch.
     *
     * @param elements (N, C, ...)
     */
    void add(FloatBuffer elements, int batch) {
        int channels = sums.length;
        int plane = elements.remaining() / batch / channels;
        float[] values = new float[plane];
        for (int n = 0; n < batch; n++) {
            for (int c = 0; c < channels; c++) {
                elements.get(values);
                addPlane(c, values);
            }
        }
        elementsPerChannel += (long) batch * plane;
    }

    private void addPlane(int channel, float... values) {
        float smallest = min[channel];
        float largest = max[channel];
        double sum = 0;
        double square = 0;
        for (float value : values) {
            smallest = Math.min(smallest, value);
            largest = Math.max(largest, value);
            sum += value;
            square += (double) value * value;
        }
        min[channel] = smallest;
        max[channel] = largest;
        sums[channel] += sum;
        squares[channel] += square;
    }

    int channels() {
        return sums.length;
    }

    float min(int channel) {
        return min[channel];
    }

    float max(int channel) {
        return max[channel];
    }

    /** The largest distance from 0. */
    float reach(int channel) {
        return Math.max(-min[channel], max[channel]);
    }

    double mean(int channel) {
        return sums[channel] / elementsPerChannel;
    }

    double meanSquare(int channel) {
        return squares[channel] / elementsPerChannel;
    }

    double standardDeviation(int channel) {
        return Math.sqrt(Math.max(0, meanSquare(channel) - mean(channel) * mean(channel)));
    }
}
