package dev.glint.runtime.engine.glint;

import java.util.Arrays;

/** Steps that look at windows without weights. */
final class PoolingSteps {
    private PoolingSteps() {}

    /** The largest byte of each window. */
    record MaxBytes(PoolingShape shape, Storage input, Storage output) implements Step {
        @Override
        public void run(Memory memory) {
            memory.kernels().maxPool(shape, input.bytes(memory), output.bytes(memory));
        }
    }

    /** The largest float of each window. */
    record MaxFloats(PoolingShape shape, Storage input, Storage output) implements Step {
        @Override
        public void run(Memory memory) {
            memory.kernels().maxPool(shape, input.floats(memory), output.floats(memory));
        }
    }

    /**
     * What an average is divided by.
     *
     * @param padded whether padding counts, and with it the whole window
     */
    record Divisor(boolean padded) {
        int count(PoolingShape shape, int y, int x) {
            Window window = shape.window();
            if (padded) {
                return window.size();
            }
            return inside(
                            y * window.strideHeight() - window.paddingTop(),
                            window.height(),
                            window.dilationHeight(),
                            shape.input().height())
                    * inside(
                            x * window.strideWidth() - window.paddingLeft(),
                            window.width(),
                            window.dilationWidth(),
                            shape.input().width());
        }

        private static int inside(int start, int size, int dilation, int input) {
            int count = 0;
            for (int i = 0; i < size; i++) {
                int at = start + i * dilation;
                count += at >= 0 && at < input ? 1 : 0;
            }
            return count;
        }
    }

    /** Adds up what a window sees of floats, into one sum per channel. */
    private static void sum(PoolingShape shape, int y, int x, float[] input, float[] sums, int at) {
        Window window = shape.window();
        FeatureMap map = shape.input();
        int channels = map.channels();
        Arrays.fill(sums, at, at + channels, 0);
        for (int i = 0; i < window.height(); i++) {
            int row = y * window.strideHeight() - window.paddingTop() + i * window.dilationHeight();
            for (int j = 0; j < window.width(); j++) {
                int column = x * window.strideWidth() - window.paddingLeft() + j * window.dilationWidth();
                if (row >= 0 && row < map.height() && column >= 0 && column < map.width()) {
                    int from = (row * map.width() + column) * channels;
                    for (int channel = 0; channel < channels; channel++) {
                        sums[at + channel] += input[from + channel];
                    }
                }
            }
        }
    }

    /** The average of each window. */
    record AverageFloats(PoolingShape shape, Divisor divisor, Storage input, Storage output) implements Step {
        @Override
        public void run(Memory memory) {
            float[] from = input.floats(memory);
            float[] to = output.floats(memory);
            FeatureMap map = shape.output();
            for (int y = 0; y < map.height(); y++) {
                for (int x = 0; x < map.width(); x++) {
                    int at = (y * map.width() + x) * map.channels();
                    sum(shape, y, x, from, to, at);
                    float count = divisor.count(shape, y, x);
                    for (int channel = 0; channel < map.channels(); channel++) {
                        to[at + channel] /= count;
                    }
                }
            }
        }
    }

    /** The average of each window of bytes, computed in floats, as ONNX Runtime's QLinearAveragePool does. */
    record AverageBytes(PoolingShape shape, Divisor divisor, float[] decoded, Storage input, Storage output)
            implements Step {
        @Override
        public int workspaceFloats() {
            return shape.input().size() + shape.output().channels();
        }

        @Override
        public void run(Memory memory) {
            byte[] from = input.bytes(memory);
            byte[] to = output.bytes(memory);
            float[] numbers = memory.floatWorkspace();
            for (int i = 0; i < input.size(); i++) {
                numbers[i] = decoded[from[i] & 0xff];
            }
            Encoding encoding = output.encoding();
            FeatureMap map = shape.output();
            int sums = input.size();
            int at = 0;
            for (int y = 0; y < map.height(); y++) {
                for (int x = 0; x < map.width(); x++) {
                    sum(shape, y, x, numbers, numbers, sums);
                    float count = divisor.count(shape, y, x);
                    for (int channel = 0; channel < map.channels(); channel++) {
                        float average = numbers[sums + channel] / count / encoding.scale();
                        to[at] = Rounding.toByte(average + encoding.zeroPoint(), 0, 0, 255);
                        at++;
                    }
                }
            }
        }
    }

    /** The average of each channel of floats. */
    record GlobalAverageFloats(Storage input, Storage output) implements Step {
        @Override
        public void run(Memory memory) {
            float[] from = input.floats(memory);
            float[] to = output.floats(memory);
            int channels = output.size();
            int pixels = input.map().pixels();
            Arrays.fill(to, 0, channels, 0);
            int at = 0;
            for (int pixel = 0; pixel < pixels; pixel++) {
                for (int channel = 0; channel < channels; channel++) {
                    to[channel] += from[at];
                    at++;
                }
            }
            for (int channel = 0; channel < channels; channel++) {
                to[channel] /= pixels;
            }
        }
    }

    /** The average of each channel of bytes: the sum in integers, as ONNX Runtime's QLinearGlobalAveragePool has it. */
    record GlobalAverageBytes(float multiplier, Storage input, Storage output) implements Step {

        static GlobalAverageBytes plan(Storage input, Storage output) {
            float scale = output.encoding().scale() * input.map().pixels();
            return new GlobalAverageBytes(input.encoding().scale() / scale, input, output);
        }

        @Override
        public void run(Memory memory) {
            byte[] from = input.bytes(memory);
            byte[] to = output.bytes(memory);
            int channels = output.size();
            int pixels = input.map().pixels();
            int zeros = input.encoding().zeroPoint() * pixels;
            for (int channel = 0; channel < channels; channel++) {
                int sum = -zeros;
                for (int pixel = 0; pixel < pixels; pixel++) {
                    sum += from[pixel * channels + channel] & 0xff;
                }
                to[channel] =
                        Rounding.toByte(sum * multiplier, output.encoding().zeroPoint(), 0, 255);
            }
        }
    }
}
