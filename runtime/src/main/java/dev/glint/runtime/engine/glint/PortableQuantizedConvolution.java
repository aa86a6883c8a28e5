package dev.glint.runtime.engine.glint;

/**
 * A convolution of bytes in plain Java: the patches of {@value #PIXELS} pixels against {@value #CHANNELS} output channels at a time,
 * so that each value that is loaded serves several products.
 */
final class PortableQuantizedConvolution implements QuantizedConvolution {
    private static final int PIXELS = 2;
    private static final int CHANNELS = 4;

    private final ConvolutionShape shape;
    private final byte padding;
    private final Requantization requantization;
    /** (O, KH, KW, C / groups). */
    private final byte[] weights;
    /** With the zero point of the input, which is in each product, taken out. */
    private final int[] bias;

    PortableQuantizedConvolution(
            ConvolutionShape shape, byte[] weights, int[] bias, int inputZeroPoint, Requantization requantization) {
        this.shape = shape;
        this.padding = (byte) inputZeroPoint;
        this.requantization = requantization;
        this.weights = new byte[shape.weights()];
        this.bias = new int[shape.output().channels()];
        int channels = shape.groupInputs();
        int window = shape.window().size();
        int depth = shape.depth();
        for (int o = 0; o < this.bias.length; o++) {
            int sum = 0;
            for (int i = 0; i < channels; i++) {
                for (int k = 0; k < window; k++) {
                    byte weight = weights[o * depth + i * window + k];
                    this.weights[o * depth + k * channels + i] = weight;
                    sum += weight;
                }
            }
            this.bias[o] = bias[o] - inputZeroPoint * sum;
        }
    }

    @Override
    public int workspaceBytes() {
        return PIXELS * shape.depth();
    }

    @Override
    public void run(byte[] input, byte[] output, byte[] workspace) {
        if (shape.depth() == shape.window().size() && shape.groupOutputs() == 1) {
            depthwise(input, output);
            return;
        }
        int pixels = shape.output().pixels();
        for (int group = 0; group < shape.groups(); group++) {
            for (int pixel = 0; pixel < pixels; pixel += PIXELS) {
                patch(input, pixel, group, workspace, 0);
                patch(input, Math.min(pixel + 1, pixels - 1), group, workspace, shape.depth());
                int first = group * shape.groupOutputs();
                int end = first + shape.groupOutputs();
                int o = first;
                for (; o + CHANNELS <= end; o += CHANNELS) {
                    block(workspace, o, pixel, output);
                }
                for (; o < end; o++) {
                    single(workspace, o, pixel, output);
                }
            }
        }
    }

    private void patch(byte[] input, int pixel, int group, byte[] workspace, int to) {
        int width = shape.output().width();
        Patches.copy(shape, input, pixel / width, pixel % width, group, padding, workspace, to);
    }

    private void block(byte[] patches, int channel, int pixel, byte[] output) {
        int depth = shape.depth();
        int w0 = channel * depth;
        int w1 = w0 + depth;
        int w2 = w1 + depth;
        int w3 = w2 + depth;
        int a0 = bias[channel];
        int a1 = bias[channel + 1];
        int a2 = bias[channel + 2];
        int a3 = bias[channel + 3];
        int b0 = a0;
        int b1 = a1;
        int b2 = a2;
        int b3 = a3;
        for (int i = 0; i < depth; i++) {
            int a = patches[i] & 0xff;
            int b = patches[depth + i] & 0xff;
            int w = weights[w0 + i];
            a0 += a * w;
            b0 += b * w;
            w = weights[w1 + i];
            a1 += a * w;
            b1 += b * w;
            w = weights[w2 + i];
            a2 += a * w;
            b2 += b * w;
            w = weights[w3 + i];
            a3 += a * w;
            b3 += b * w;
        }
        int at = pixel * shape.output().channels() + channel;
        put(a0, channel, output, at);
        put(a1, channel + 1, output, at + 1);
        put(a2, channel + 2, output, at + 2);
        put(a3, channel + 3, output, at + 3);
        if (pixel + 1 < shape.output().pixels()) {
            at += shape.output().channels();
            put(b0, channel, output, at);
            put(b1, channel + 1, output, at + 1);
            put(b2, channel + 2, output, at + 2);
            put(b3, channel + 3, output, at + 3);
        }
    }

    private void single(byte[] patches, int channel, int pixel, byte[] output) {
        int depth = shape.depth();
        int from = channel * depth;
        int a = bias[channel];
        int b = a;
        for (int i = 0; i < depth; i++) {
            a += (patches[i] & 0xff) * weights[from + i];
            b += (patches[depth + i] & 0xff) * weights[from + i];
        }
        int at = pixel * shape.output().channels() + channel;
        put(a, channel, output, at);
        if (pixel + 1 < shape.output().pixels()) {
            put(b, channel, output, at + shape.output().channels());
        }
    }

    private void depthwise(byte[] input, byte[] output) {
        FeatureMap to = shape.output();
        int at = 0;
        for (int y = 0; y < to.height(); y++) {
            for (int x = 0; x < to.width(); x++) {
                for (int channel = 0; channel < to.channels(); channel++) {
                    put(depthwise(input, y, x, channel), channel, output, at++);
                }
            }
        }
    }

    private int depthwise(byte[] input, int y, int x, int channel) {
        Window window = shape.window();
        FeatureMap map = shape.input();
        int sum = bias[channel];
        int weight = channel * window.size();
        for (int i = 0; i < window.height(); i++) {
            int row = y * window.strideHeight() - window.paddingTop() + i * window.dilationHeight();
            boolean inside = row >= 0 && row < map.height();
            for (int j = 0; j < window.width(); j++) {
                int column = x * window.strideWidth() - window.paddingLeft() + j * window.dilationWidth();
                byte value = inside && column >= 0 && column < map.width()
                        ? input[(row * map.width() + column) * map.channels() + channel]
                        : padding;
                sum += (value & 0xff) * weights[weight++];
            }
        }
        return sum;
    }

    private void put(int sum, int channel, byte[] output, int at) {
        output[at] = Rounding.toByte(
                sum * requantization.multipliers()[channel],
                requantization.zeroPoint(),
                requantization.min(),
                requantization.max());
    }

    @Override
    public void close() {
        // The weights lie on the heap.
    }
}
