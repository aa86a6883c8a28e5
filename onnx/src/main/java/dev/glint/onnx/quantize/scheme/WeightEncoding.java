package dev.glint.onnx.quantize.scheme;

import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.quantize.scheme.TensorScheme.Granularity;
import dev.glint.onnx.quantize.scheme.TensorScheme.Symmetry;
import java.util.List;

/**
 * The weights and the bias of a layer as integers: {@code w = (q - zeroPoint[c]) * scale[c]}, and {@code b = q *
 * inputScale * scale[c]} in 32 bits, so that an integer convolution adds them as they are. With one scale for all
 * channels there is one {@code c}. (Krishnamoorthi, "Quantizing deep convolutional networks for efficient inference",
 * 2018.)
 *
 * @param weights bytes of the scheme's type, shape as given, output channels first
 * @param scales one per output channel, or one
 * @param zeroPoints as many as scales, of the weights' type; scalar for one scale of all channels
 * @param bias {@link ElementType#INT32}, one per output channel; all 0 for a layer without
 * @param biasScales as many as scales
 */
public record WeightEncoding(Tensor weights, float[] scales, Tensor zeroPoints, Tensor bias, float[] biasScales) {
    /** What a bias may use of its 32 bits; the rest is for what the convolution adds to it. */
    private static final double BIAS_MAX = 1 << 30;

    /**
     * Quantises a layer.
     *
     * @param weight floats, shape (out, ...)
     * @param bias one per output channel
     * @param inputScale the scale of the layer's input
     * @param scheme of the weights
     */
    public static WeightEncoding encode(Tensor weight, float[] bias, float inputScale, TensorScheme scheme) {
        int channels = bias.length;
        boolean perChannel = scheme.granularity() == Granularity.PER_CHANNEL;
        int groups = perChannel ? channels : 1;
        float[] weights = weight.toFloats();
        int size = weights.length / groups;
        byte[] quantized = new byte[weights.length];
        byte[] zeroPoints = new byte[groups];
        float[] scales = new float[groups];
        float[] biasScales = new float[groups];
        for (int g = 0; g < groups; g++) {
            Range range = range(weights, g * size, size);
            double largestBias = perChannel ? Math.abs(bias[g]) : largest(bias);
            scales[g] = scale(range, largestBias, inputScale, scheme);
            biasScales[g] = inputScale * scales[g];
            int zeroPoint = scheme.symmetry() == Symmetry.SYMMETRIC
                    ? scheme.middle()
                    : Math.min(scheme.highest(), scheme.lowest() + (int) Math.rint(-range.min() / scales[g]));
            zeroPoints[g] = (byte) zeroPoint;
            for (int i = g * size; i < (g + 1) * size; i++) {
                double steps = Math.rint(weights[i] / scales[g]) + zeroPoint;
                quantized[i] = (byte) (int) Math.max(scheme.lowest(), Math.min(scheme.highest(), steps));
            }
        }
        int[] biases = new int[channels];
        for (int c = 0; c < channels; c++) {
            biases[c] = (int) Math.rint((double) bias[c] / biasScales[perChannel ? c : 0]);
        }
        ElementType type = scheme.type().element();
        return new WeightEncoding(
                new Tensor(type, weight.shape(), quantized),
                scales,
                new Tensor(type, perChannel ? List.of((long) channels) : List.of(), zeroPoints),
                Tensor.ints(List.of((long) channels), biases),
                biasScales);
    }

    private static Range range(float[] weights, int from, int count) {
        float min = 0;
        float max = 0;
        for (int i = from; i < from + count; i++) {
            min = Math.min(min, weights[i]);
            max = Math.max(max, weights[i]);
        }
        return new Range(min, max);
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    /** What lays the integers over the weights, but no less than what lets the bias fit, and its scale be a normal number. */
    private static float scale(Range range, double bias, float inputScale, TensorScheme scheme) {
        double step = scheme.symmetry() == Symmetry.SYMMETRIC
                ? Math.max(-(double) range.min(), range.max()) / (scheme.highest() - scheme.middle())
                : ((double) range.max() - range.min()) / (scheme.highest() - scheme.lowest());
        double forBias = bias / BIAS_MAX / inputScale;
        double normal = Float.MIN_NORMAL / Math.min(1, inputScale) * 2;
        return (float) Math.max(step, Math.max(forBias, normal));
    }
}
