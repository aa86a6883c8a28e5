package dev.glint.runtime.engine.glint;

/**
 * A convolution of floats in plain Java: the patches of {@value #PIXELS} pixels against {@value #CHANNELS} output channels at a time,
 * so that each value that is loaded serves several products.
 */
final class PortableFloatConvolution implements FloatConvolution {
    private static final int PIXELS = 2;
    private static final int CHANNELS = 4;

    private final ConvolutionShape shape;
    /** (O, KH, KW, C / groups). */
    private final float[] weights;

    private final float[] bias;
    private final float min;
    private final float max;

    PortableFloatConvolution(ConvolutionShape shape, float[] weights, float[] bias, float min, float max) {
        this.shape = shape;
        this.weights = new float[shape.weights()];
        this.bias = bias.clone();
        this.min = min;
        this.max = max;
        int channels = shape.groupInputs();
        int window = shape.window().size();
        int depth = shape.depth();
        for (int o = 0; o < shape.output().channels(); o++) {
            for (int i = 0; i < channels; i++) {
                for (int k = 0; k < window; k++) {
                    this.weights[o * depth + k * channels + i] = weights[o * depth + i * window + k];
                }
            }
        }
    }

    @Override
    public int workspaceFloats() {
        return PIXELS * shape.depth();
    }

    @Override
    public void run(float[] input, float[] output, float[] workspace) {
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

    private void patch(float[] input, int pixel, int group, float[] workspace, int to) {
        int width = shape.output().width();
        Patches.copy(shape, input, pixel / width, pixel % width, group, workspace, to);
    }

    private void block(float[] patches, int channel, int pixel, float[] output) {
        int depth = shape.depth();
        int w0 = channel * depth;
        int w1 = w0 + depth;
        int w2 = w1 + depth;
        int w3 = w2 + depth;
        float a0 = 0;
        float a1 = 0;
        float a2 = 0;
        float a3 = 0;
        float b0 = 0;
        float b1 = 0;
        float b2 = 0;
        float b3 = 0;
        for (int i = 0; i < depth; i++) {
            float a = patches[i];
            float b = patches[depth + i];
            float w = weights[w0 + i];
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

    private void single(float[] patches, int channel, int pixel, float[] output) {
        int depth = shape.depth();
        int from = channel * depth;
        float a = 0;
        float b = 0;
        for (int i = 0; i < depth; i++) {
            a += patches[i] * weights[from + i];
            b += patches[depth + i] * weights[from + i];
        }
        int at = pixel * shape.output().channels() + channel;
        put(a, channel, output, at);
        if (pixel + 1 < shape.output().pixels()) {
            put(b, channel, output, at + shape.output().channels());
        }
    }

    private void depthwise(float[] input, float[] output) {
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

    private float depthwise(float[] input, int y, int x, int channel) {
        Window window = shape.window();
        FeatureMap map = shape.input();
        float sum = 0;
        int weight = channel * window.size();
        for (int i = 0; i < window.height(); i++) {
            int row = y * window.strideHeight() - window.paddingTop() + i * window.dilationHeight();
            boolean inside = row >= 0 && row < map.height();
            for (int j = 0; j < window.width(); j++) {
                int column = x * window.strideWidth() - window.paddingLeft() + j * window.dilationWidth();
                if (inside && column >= 0 && column < map.width()) {
                    sum += input[(row * map.width() + column) * map.channels() + channel] * weights[weight];
                }
                weight++;
            }
        }
        return sum;
    }

    private void put(float sum, int channel, float[] output, int at) {
        output[at] = Math.min(Math.max(sum + bias[channel], min), max);
    }

    @Override
    public void close() {
        // The weights lie on the heap.
    }
}
