package dev.glint.onnx.quantize.scheme;

import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Tensor;
import java.util.List;

/**
 * The weights and the bias of a layer as integers, with one scale per output channel: {@code w = q * scale[c]} with q
 * from -127 to 127, and {@code b = q * inputScale * scale[c]} in 32 bits, so that an integer convolution adds them as
 * they are. (Krishnamoorthi, "Quantizing deep convolutional networks for efficient inference", 2018.)
 *
 * @param weights {@link ElementType#INT8}, shape as given, output channels first
 * @param scales one per output channel
 * @param bias {@link ElementType#INT32}, one per output channel; all 0 for a layer without
 * @param biasScales one per output channel
 */
public record WeightEncoding(Tensor weights, float[] scales, Tensor bias, float[] biasScales) {
    private static final int MAX = 127;

    /** What a bias may use of its 32 bits; the rest is for what the convolution adds to it. */
    private static final double BIAS_MAX = 1 << 30;

    /**
     * Quantises a layer.
     *
     * @param weight floats, shape (out, ...)
     * @param bias one per output channel
     * @param inputScale the scale of the layer's input
     */
    public static WeightEncoding encode(Tensor weight, float[] bias, float inputScale) {
        float[] weights = weight.toFloats();
        int channels = bias.length;
        int perChannel = weights.length / channels;
        byte[] quantized = new byte[weights.length];
        float[] scales = new float[channels];
        float[] biasScales = new float[channels];
        int[] biases = new int[channels];
        for (int c = 0; c < channels; c++) {
            scales[c] = scale(weights, c * perChannel, perChannel, bias[c], inputScale);
            for (int i = c * perChannel; i < (c + 1) * perChannel; i++) {
                quantized[i] = (byte) Math.max(-MAX, Math.min(MAX, Math.rint(weights[i] / scales[c])));
            }
            biasScales[c] = inputScale * scales[c];
            biases[c] = (int) Math.rint((double) bias[c] / biasScales[c]);
        }
        return new WeightEncoding(
                new Tensor(ElementType.INT8, weight.shape(), quantized),
                scales,
                Tensor.ints(List.of((long) channels), biases),
                biasScales);
    }

    /** The largest weight over 127, but no less than what lets the bias fit, and its scale be a normal number. */
    private static float scale(float[] weights, int from, int count, float bias, float inputScale) {
        double largest = 0;
        for (int i = from; i < from + count; i++) {
            largest = Math.max(largest, Math.abs(weights[i]));
        }
        double forBias = Math.abs(bias) / BIAS_MAX / inputScale;
        double normal = Float.MIN_NORMAL / Math.min(1, inputScale) * 2;
        return (float) Math.max(largest / MAX, Math.max(forBias, normal));
    }
}
