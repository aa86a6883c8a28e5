package dev.glint.runtime.engine.glint;

import java.util.Arrays;

/** The loops in plain Java: for every processor that has a JVM, slower than what knows its vector instructions. */
public final class PortableKernels implements Kernels {
    /** They have no state. */
    public PortableKernels() {}

    @Override
    public String name() {
        return "java";
    }

    @Override
    public double floatMultiplyAddsPerNanosecond() {
        return 2;
    }

    @Override
    public double byteMultiplyAddsPerNanosecond() {
        return 2;
    }

    @Override
    public QuantizedConvolution quantizedConvolution(
            ConvolutionShape shape, byte[] weights, int[] bias, int inputZeroPoint, Requantization requantization) {
        return new PortableQuantizedConvolution(shape, weights, bias, inputZeroPoint, requantization);
    }

    @Override
    public FloatConvolution convolution(ConvolutionShape shape, float[] weights, float[] bias, float min, float max) {
        return new PortableFloatConvolution(shape, weights, bias, min, max);
    }

    @Override
    public void maxPool(PoolingShape shape, byte[] input, byte[] output) {
        Window window = shape.window();
        FeatureMap from = shape.input();
        FeatureMap to = shape.output();
        int channels = to.channels();
        for (int y = 0; y < to.height(); y++) {
            for (int x = 0; x < to.width(); x++) {
                int at = (y * to.width() + x) * channels;
                Arrays.fill(output, at, at + channels, (byte) 0);
                for (int i = 0; i < window.height(); i++) {
                    int row = y * window.strideHeight() - window.paddingTop() + i * window.dilationHeight();
                    for (int j = 0; j < window.width(); j++) {
                        int column = x * window.strideWidth() - window.paddingLeft() + j * window.dilationWidth();
                        if (row >= 0 && row < from.height() && column >= 0 && column < from.width()) {
                            larger(input, (row * from.width() + column) * channels, output, at, channels);
                        }
                    }
                }
            }
        }
    }

    private static void larger(byte[] input, int from, byte[] output, int at, int count) {
        for (int i = 0; i < count; i++) {
            output[at + i] = (byte) Math.max(output[at + i] & 0xff, input[from + i] & 0xff);
        }
    }

    @Override
    public void maxPool(PoolingShape shape, float[] input, float[] output) {
        Window window = shape.window();
        FeatureMap from = shape.input();
        FeatureMap to = shape.output();
        int channels = to.channels();
        for (int y = 0; y < to.height(); y++) {
            for (int x = 0; x < to.width(); x++) {
                int at = (y * to.width() + x) * channels;
                Arrays.fill(output, at, at + channels, Float.NEGATIVE_INFINITY);
                for (int i = 0; i < window.height(); i++) {
                    int row = y * window.strideHeight() - window.paddingTop() + i * window.dilationHeight();
                    for (int j = 0; j < window.width(); j++) {
                        int column = x * window.strideWidth() - window.paddingLeft() + j * window.dilationWidth();
                        if (row >= 0 && row < from.height() && column >= 0 && column < from.width()) {
                            larger(input, (row * from.width() + column) * channels, output, at, channels);
                        }
                    }
                }
            }
        }
    }

    private static void larger(float[] input, int from, float[] output, int at, int count) {
        for (int i = 0; i < count; i++) {
            output[at + i] = Math.max(output[at + i], input[from + i]);
        }
    }

    @Override
    public void add(QuantizedSum sum, byte[] a, byte[] b, byte[] output, int count) {
        double ratioA = sum.ratioA();
        double ratioB = sum.ratioB();
        for (int i = 0; i < count; i++) {
            // A byte times a float is exact in a double, so each sum is rounded once, as by an fma instruction.
            float partial = (float) ((b[i] & 0xff) * ratioB + sum.offset());
            output[i] = Rounding.toByte((float) ((a[i] & 0xff) * ratioA + partial), 0, sum.min(), sum.max());
        }
    }

    @Override
    public void add(float[] a, float[] b, float[] output, int count, float min, float max) {
        for (int i = 0; i < count; i++) {
            output[i] = Math.min(Math.max(a[i] + b[i], min), max);
        }
    }

    @Override
    public void lookUp(byte[] table, byte[] input, byte[] output, int count) {
        for (int i = 0; i < count; i++) {
            output[i] = table[input[i] & 0xff];
        }
    }

    @Override
    public void quantize(float[] input, byte[] output, int count, float scale, int zeroPoint) {
        for (int i = 0; i < count; i++) {
            output[i] = Rounding.toByte(input[i] / scale, zeroPoint, 0, 255);
        }
    }

    @Override
    public void dequantize(byte[] input, float[] output, int count, float scale, int zeroPoint) {
        for (int i = 0; i < count; i++) {
            output[i] = ((input[i] & 0xff) - zeroPoint) * scale;
        }
    }
}
