package dev.glint.runtime.engine.glint;

/**
 * The loops in which a network spends its time, over plain arrays, one picture at a time. Activations are (H, W, C) from the first
 * element of their array on, which may be longer than they are; bytes are unsigned. Everything here is safe for use by several
 * threads with arrays of their own, and a run allocates nothing. Sizes are the caller's affair: arrays that are too short are a
 * defect of the caller, found or not.
 *
 * <p>All implementations give the same bytes. Floats may be summed in any order.
 */
public interface Kernels {
    /** What they are, in a word or two, for {@code classify info}. */
    String name();

    /** Products of floats that these loops sum in a nanosecond, about, in a convolution of 64 channels; a rough figure to decide by. */
    double floatMultiplyAddsPerNanosecond();

    /** The same for bytes. */
    double byteMultiplyAddsPerNanosecond();

    /**
     * Says that runs will be given an array time and again. A run takes any array, but may have some work with one that it does not
     * know.
     *
     * @param array of bytes or floats; nobody else holds it
     */
    default void hold(Object array) {
        // Nothing to prepare.
    }

    /** Says that no run will be given an array that was held. */
    default void release(Object array) {
        // Nothing was prepared.
    }

    /**
     * Packs a convolution of unsigned bytes with signed weights, summed in 32 bits (which may wrap around):
     * {@code sum = bias[o] + (input - inputZeroPoint) * weights[o]}, see {@link Requantization} for what follows.
     *
     * @param weights signed bytes in the order of the file, (O, C / groups, KH, KW), from the first element on; the array may be
     *     longer, and the caller may use it again when this returns
     * @param bias one for each output channel; not kept either
     * @param inputZeroPoint the byte that stands for 0, 0 to 255; padding counts as this
     */
    QuantizedConvolution quantizedConvolution(
            ConvolutionShape shape, byte[] weights, int[] bias, int inputZeroPoint, Requantization requantization);

    /**
     * Packs a convolution of floats, clamped: {@code min(max(bias[o] + input * weights[o], min), max)}.
     *
     * @param weights in the order of the file, (O, C / groups, KH, KW), from the first element on; the array may be longer, and the
     *     caller may use it again when this returns
     * @param bias one for each output channel; not kept either
     * @param min the smallest value there may be, 0 where a ReLU follows, or negative infinity
     * @param max the largest value there may be, 6 where a ReLU6 follows, or positive infinity
     */
    FloatConvolution convolution(ConvolutionShape shape, float[] weights, float[] bias, float min, float max);

    /** The largest byte of each window. */
    void maxPool(PoolingShape shape, byte[] input, byte[] output);

    /** The largest float of each window. */
    void maxPool(PoolingShape shape, float[] input, float[] output);

    /** Adds bytes. The output may be one of the inputs. */
    void add(QuantizedSum sum, byte[] a, byte[] b, byte[] output, int count);

    /** Adds floats and clamps: {@code min(max(a + b, min), max)}. The output may be one of the inputs. */
    void add(float[] a, float[] b, float[] output, int count, float min, float max);

    /** {@code output[i] = table[input[i]]} for 256 bytes. The output may be the input. */
    void lookUp(byte[] table, byte[] input, byte[] output, int count);

    /**
     * {@code clamp(roundHalfEven(input / scale) + zeroPoint, 0, 255)}, as ONNX's QuantizeLinear has it; what is not a number becomes
     * any byte.
     */
    void quantize(float[] input, byte[] output, int count, float scale, int zeroPoint);

    /** {@code (input - zeroPoint) * scale}, as ONNX's DequantizeLinear has it. */
    void dequantize(byte[] input, float[] output, int count, float scale, int zeroPoint);
}
