package dev.glint.runtime.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glint.runtime.engine.glint.ConvolutionShape;
import dev.glint.runtime.engine.glint.FeatureMap;
import dev.glint.runtime.engine.glint.FloatConvolution;
import dev.glint.runtime.engine.glint.Kernels;
import dev.glint.runtime.engine.glint.PoolingShape;
import dev.glint.runtime.engine.glint.QuantizedConvolution;
import dev.glint.runtime.engine.glint.QuantizedSum;
import dev.glint.runtime.engine.glint.Requantization;
import dev.glint.runtime.engine.glint.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What every implementation of {@link Kernels} gives: what the definition of the operator gives, summed one product at a time.
 * Arrays are longer than their content, as the engine's are, and what lies behind it must stay.
 */
public abstract class KernelsContract {
    private static final int SPARE = 70;
    private static final byte UNTOUCHED = 77;

    /** Those to be tried. */
    protected abstract Kernels kernels();

    private static ConvolutionShape convolution(int in, int height, int width, int out, Window window, int groups) {
        int top = window.paddingTop();
        int left = window.paddingLeft();
        int outHeight =
                (height + 2 * top - (window.height() - 1) * window.dilationHeight() - 1) / window.strideHeight();
        int outWidth = (width + 2 * left - (window.width() - 1) * window.dilationWidth() - 1) / window.strideWidth();
        return new ConvolutionShape(
                new FeatureMap(height, width, in), new FeatureMap(outHeight + 1, outWidth + 1, out), window, groups);
    }

    private static Window square(int size, int stride, int padding, int dilation) {
        return new Window(size, size, stride, stride, padding, padding, dilation, dilation);
    }

    /** Shapes of real networks, and those that no vector fits. */
    public static List<ConvolutionShape> convolutions() {
        List<ConvolutionShape> shapes = new ArrayList<>(List.of(
                convolution(3, 32, 32, 64, square(3, 1, 1, 1), 1),
                convolution(64, 8, 8, 64, square(3, 1, 1, 1), 1),
                convolution(128, 4, 4, 130, square(3, 1, 1, 1), 1),
                convolution(3, 17, 19, 16, square(7, 2, 3, 1), 1),
                convolution(1, 28, 28, 8, square(3, 1, 0, 1), 1),
                convolution(16, 9, 7, 32, square(1, 2, 0, 1), 1),
                convolution(40, 5, 5, 240, square(1, 1, 0, 1), 1),
                convolution(512, 1, 1, 10, Window.PIXEL, 1),
                convolution(7, 1, 1, 3, Window.PIXEL, 1),
                convolution(1, 1, 1, 1, Window.PIXEL, 1),
                convolution(24, 11, 10, 24, square(3, 1, 1, 1), 24),
                convolution(72, 9, 9, 72, square(5, 2, 2, 1), 72),
                convolution(67, 6, 6, 67, square(3, 2, 1, 1), 67),
                convolution(8, 9, 9, 24, square(3, 1, 1, 1), 8),
                convolution(12, 8, 8, 18, square(3, 1, 1, 1), 3),
                convolution(5, 13, 11, 9, square(3, 1, 2, 2), 1),
                convolution(6, 12, 9, 6, square(3, 1, 2, 2), 6),
                convolution(4, 6, 6, 20, new Window(6, 6, 1, 1, 0, 0, 1, 1), 1),
                convolution(10, 5, 9, 12, new Window(1, 5, 1, 2, 0, 2, 1, 1), 1),
                new ConvolutionShape(
                        new FeatureMap(8, 8, 6), new FeatureMap(4, 4, 5), new Window(3, 3, 2, 2, 0, 0, 1, 1), 1)));
        Random random = new Random(5);
        for (int i = 0; i < 40; i++) {
            int groups = 1 + random.nextInt(3);
            Window window =
                    square(1 + random.nextInt(3), 1 + random.nextInt(2), random.nextInt(3), 1 + random.nextInt(2));
            shapes.add(convolution(
                    groups * (1 + random.nextInt(20)),
                    5 + random.nextInt(9),
                    5 + random.nextInt(9),
                    groups * (1 + random.nextInt(40)),
                    window,
                    groups));
        }
        return shapes;
    }

    /** The sum of the products of one output value; {@code weight} counts as in the file. */
    private interface Products {
        void add(int input, int weight);
    }

    private static void visit(ConvolutionShape shape, int y, int x, int channel, Products products) {
        Window window = shape.window();
        int first = channel / shape.groupOutputs() * shape.groupInputs();
        for (int i = 0; i < shape.groupInputs(); i++) {
            for (int k = 0; k < window.height(); k++) {
                for (int l = 0; l < window.width(); l++) {
                    int row = y * window.strideHeight() - window.paddingTop() + k * window.dilationHeight();
                    int column = x * window.strideWidth() - window.paddingLeft() + l * window.dilationWidth();
                    int weight = ((channel * shape.groupInputs() + i) * window.height() + k) * window.width() + l;
                    if (row >= 0
                            && row < shape.input().height()
                            && column >= 0
                            && column < shape.input().width()) {
                        products.add(
                                (row * shape.input().width() + column)
                                                * shape.input().channels()
                                        + first
                                        + i,
                                weight);
                    }
                }
            }
        }
    }

    private static byte[] bytes(Random random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private static float[] floats(Random random, int count) {
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
            floats[i] = (float) random.nextGaussian();
        }
        return floats;
    }

    private static byte[] untouched(int count) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, UNTOUCHED);
        return bytes;
    }

    @Test
    void convolvesBytesToTheSameBytes() {
        Random random = new Random(1);
        for (ConvolutionShape shape : convolutions()) {
            byte[] input = bytes(random, shape.input().size() + SPARE);
            byte[] weights = bytes(random, shape.weights() + SPARE);
            int channels = shape.output().channels();
            int[] bias = random.ints(channels, -5000, 5000).toArray();
            float[] multipliers = new float[channels];
            for (int i = 0; i < channels; i++) {
                multipliers[i] = (float) ((0.2 + random.nextDouble()) / (80 * Math.sqrt(shape.depth())));
            }
            int zeroPoint = random.nextInt(256);
            int outputZeroPoint = random.nextInt(256);
            int min = random.nextBoolean() ? 0 : random.nextInt(100);
            int max = random.nextBoolean() ? 255 : 156 + random.nextInt(100);
            Requantization requantization = new Requantization(multipliers, outputZeroPoint, min, max);

            byte[] expected = untouched(shape.output().size() + SPARE);
            for (int i = 0; i < shape.output().size(); i++) {
                int channel = i % channels;
                int pixel = i / channels;
                int[] sum = {bias[channel]};
                visit(
                        shape,
                        pixel / shape.output().width(),
                        pixel % shape.output().width(),
                        channel,
                        (from, weight) -> sum[0] += ((input[from] & 0xff) - zeroPoint) * weights[weight]);
                double value = Math.rint((float) sum[0] * multipliers[channel]) + outputZeroPoint;
                expected[i] = (byte) Math.min(Math.max(value, min), max);
            }
            byte[] actual = untouched(expected.length);
            byte[] kept = input.clone();
            try (QuantizedConvolution packed =
                    kernels().quantizedConvolution(shape, weights, bias, zeroPoint, requantization)) {
                Arrays.fill(weights, (byte) 3);
                Arrays.fill(bias, 0);
                packed.run(input, actual, bytes(random, packed.workspaceBytes()));
            }
            assertArrayEquals(expected, actual, shape::toString);
            assertArrayEquals(kept, input, shape::toString);
        }
    }

    /** Sums that 32 bits cannot hold wrap around, and products that are far too large end at the bounds. */
    @Test
    void convolvesExtremeBytes() {
        ConvolutionShape shape = convolution(64, 4, 4, 33, square(3, 1, 1, 1), 1);
        byte[] input = new byte[shape.input().size()];
        Arrays.fill(input, (byte) 255);
        byte[] weights = new byte[shape.weights()];
        Arrays.fill(weights, (byte) -128);
        int[] bias = new int[33];
        float[] multipliers = new float[33];
        Arrays.fill(multipliers, 1e30f);
        bias[1] = Integer.MIN_VALUE;
        multipliers[2] = 0;
        byte[] output = new byte[shape.output().size()];
        try (QuantizedConvolution packed =
                kernels().quantizedConvolution(shape, weights, bias, 0, new Requantization(multipliers, 100, 3, 250))) {
            packed.run(input, output, new byte[packed.workspaceBytes()]);
        }
        assertEquals(3, output[0] & 0xff);
        assertEquals(250, output[1] & 0xff);
        assertEquals(100, output[2] & 0xff);
    }

    @Test
    void convolvesFloats() {
        Random random = new Random(2);
        for (ConvolutionShape shape : convolutions()) {
            float[] input = floats(random, shape.input().size() + SPARE);
            float[] weights = floats(random, shape.weights() + SPARE);
            int channels = shape.output().channels();
            float[] bias = floats(random, channels);
            float min = random.nextBoolean() ? Float.NEGATIVE_INFINITY : 0;
            float max = random.nextBoolean() ? Float.POSITIVE_INFINITY : 6;
            float[] expected = new float[shape.output().size() + SPARE];
            for (int i = 0; i < shape.output().size(); i++) {
                int channel = i % channels;
                int pixel = i / channels;
                double[] sum = {bias[channel]};
                visit(
                        shape,
                        pixel / shape.output().width(),
                        pixel % shape.output().width(),
                        channel,
                        (from, weight) -> sum[0] += (double) input[from] * weights[weight]);
                expected[i] = (float) Math.min(Math.max(sum[0], min), max);
            }
            float[] actual = new float[expected.length];
            try (FloatConvolution packed = kernels().convolution(shape, weights, bias, min, max)) {
                Arrays.fill(weights, 3);
                Arrays.fill(bias, 3);
                packed.run(input, actual, floats(random, packed.workspaceFloats()));
            }
            assertArrayEquals(expected, actual, 3e-7f * shape.depth() + 1e-5f, shape::toString);
        }
    }

    private static List<PoolingShape> poolings() {
        List<PoolingShape> shapes = new ArrayList<>();
        for (ConvolutionShape shape : convolutions()) {
            int channels = shape.output().channels();
            FeatureMap input = shape.input();
            shapes.add(new PoolingShape(
                    new FeatureMap(input.height(), input.width(), channels), shape.output(), shape.window()));
        }
        return shapes;
    }

    @Test
    void takesTheLargest() {
        Random random = new Random(3);
        for (PoolingShape shape : poolings()) {
            byte[] bytes = bytes(random, shape.input().size() + SPARE);
            float[] floats = floats(random, bytes.length);
            byte[] expectedBytes = untouched(shape.output().size() + SPARE);
            float[] expectedFloats = new float[expectedBytes.length];
            ConvolutionShape depthwise = new ConvolutionShape(
                    shape.input(), shape.output(), shape.window(), shape.input().channels());
            for (int i = 0; i < shape.output().size(); i++) {
                int pixel = i / shape.output().channels();
                int[] largest = {0};
                float[] most = {Float.NEGATIVE_INFINITY};
                visit(
                        depthwise,
                        pixel / shape.output().width(),
                        pixel % shape.output().width(),
                        i % shape.output().channels(),
                        (from, weight) -> {
                            largest[0] = Math.max(largest[0], bytes[from] & 0xff);
                            most[0] = Math.max(most[0], floats[from]);
                        });
                expectedBytes[i] = (byte) largest[0];
                expectedFloats[i] = most[0];
            }
            byte[] actualBytes = untouched(expectedBytes.length);
            kernels().maxPool(shape, bytes, actualBytes);
            assertArrayEquals(expectedBytes, actualBytes, shape::toString);
            float[] actualFloats = new float[expectedFloats.length];
            kernels().maxPool(shape, floats, actualFloats);
            assertArrayEquals(expectedFloats, actualFloats, shape::toString);
        }
    }

    /** Every pair of bytes, for several scales. */
    @Test
    void addsBytes() {
        byte[] a = new byte[65536 + SPARE];
        byte[] b = new byte[a.length];
        for (int i = 0; i < a.length; i++) {
            a[i] = (byte) (i >> 8);
            b[i] = (byte) i;
        }
        float[][] ratios = {
            {0.73f, 0.41f, -20.5f}, {1, 1, -128}, {0.5f, 0.5f, 0.5f}, {3.1f, 1e-3f, 7}, {1e30f, -1e30f, 0}
        };
        for (float[] ratio : ratios) {
            QuantizedSum sum = new QuantizedSum(ratio[0], ratio[1], ratio[2], 3, 250);
            byte[] expected = untouched(a.length);
            for (int i = 0; i < 65536; i++) {
                float value = Math.fma(a[i] & 0xff, ratio[0], Math.fma(b[i] & 0xff, ratio[1], ratio[2]));
                expected[i] = (byte) Math.min(Math.max(Math.rint(value), 3), 250);
            }
            byte[] actual = untouched(a.length);
            kernels().add(sum, a, b, actual, 65536);
            assertArrayEquals(expected, actual);
            byte[] inPlace = b.clone();
            kernels().add(sum, a, inPlace, inPlace, 1000);
            assertArrayEquals(Arrays.copyOf(expected, 1000), Arrays.copyOf(inPlace, 1000));
        }
    }

    @Test
    void addsFloats() {
        for (int count : new int[] {1, 7, 8, 64, 1001}) {
            Random random = new Random(count);
            float[] a = floats(random, count + SPARE);
            float[] b = floats(random, count + SPARE);
            float[] expected = new float[count + SPARE];
            for (int i = 0; i < count; i++) {
                expected[i] = Math.min(Math.max(a[i] + b[i], -0.5f), 1.25f);
            }
            float[] actual = new float[count + SPARE];
            kernels().add(a, b, actual, count, -0.5f, 1.25f);
            assertArrayEquals(expected, actual);
            kernels().add(a, b, a, count, -0.5f, 1.25f);
            assertArrayEquals(Arrays.copyOf(expected, count), Arrays.copyOf(a, count));
        }
    }

    @Test
    void looksBytesUp() {
        for (int count : new int[] {1, 15, 64, 1003}) {
            Random random = new Random(count);
            byte[] table = bytes(random, 256);
            byte[] input = bytes(random, count + SPARE);
            byte[] actual = untouched(count + SPARE);
            kernels().lookUp(table, input, actual, count);
            for (int i = 0; i < actual.length; i++) {
                assertEquals(i < count ? table[input[i] & 0xff] : UNTOUCHED, actual[i]);
            }
        }
    }

    @Test
    void quantizesHalvesToEven() {
        float[] input = {
            -1e30f, -3, -1.5f, -0.5f, -0.25f, 0, 0.25f, 0.5f, 0.75f, 1.25f, 1.5f, 60, 1e9f, 300, 63.75f, 63.5f, 2.5f
        };
        int[] expected = {0, 94, 97, 99, 100, 100, 100, 101, 102, 102, 103, 220, 255, 255, 228, 227, 105};
        byte[] actual = untouched(input.length + SPARE);
        float[] longer = Arrays.copyOf(input, actual.length);
        kernels().quantize(longer, actual, input.length, 0.5f, 100);
        for (int i = 0; i < actual.length; i++) {
            assertEquals(i < expected.length ? expected[i] : UNTOUCHED, actual[i] & 0xff, "value " + i);
        }
        Random random = new Random(9);
        float[] values = floats(random, 1000);
        byte[] bytes = new byte[1000];
        kernels().quantize(values, bytes, 1000, 0.0173f, 128);
        for (int i = 0; i < 1000; i++) {
            assertEquals(Math.min(Math.max(Math.rint(values[i] / 0.0173f) + 128, 0), 255), bytes[i] & 0xff);
        }
    }

    @Test
    void dequantizes() {
        byte[] input = new byte[256 + SPARE];
        for (int i = 0; i < 256; i++) {
            input[i] = (byte) i;
        }
        float[] actual = new float[input.length];
        kernels().dequantize(input, actual, 256, 0.037f, 113);
        for (int i = 0; i < actual.length; i++) {
            assertEquals(i < 256 ? (i - 113) * 0.037f : 0, actual[i]);
        }
    }
}
