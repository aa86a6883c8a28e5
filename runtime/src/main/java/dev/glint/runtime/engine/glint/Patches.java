package dev.glint.runtime.engine.glint;

import java.util.Arrays;

/**
 * The part of an input that a convolution sees for one output pixel, laid out one value behind the other: row of the window, column,
 * channel of the group.
 */
final class Patches {
    private Patches() {}

    /** Copies bytes; what lies outside of the input becomes {@code padding}. */
    static void copy(
            ConvolutionShape shape, byte[] input, int y, int x, int group, byte padding, byte[] patch, int to) {
        Window window = shape.window();
        FeatureMap map = shape.input();
        int channels = shape.groupInputs();
        int top = y * window.strideHeight() - window.paddingTop();
        int left = x * window.strideWidth() - window.paddingLeft();
        int position = to;
        for (int i = 0; i < window.height(); i++) {
            int row = top + i * window.dilationHeight();
            for (int j = 0; j < window.width(); j++) {
                int column = left + j * window.dilationWidth();
                if (row >= 0 && row < map.height() && column >= 0 && column < map.width()) {
                    int from = (row * map.width() + column) * map.channels() + group * channels;
                    System.arraycopy(input, from, patch, position, channels);
                } else {
                    Arrays.fill(patch, position, position + channels, padding);
                }
                position += channels;
            }
        }
    }

    /** Copies floats; what lies outside of the input becomes 0. */
    static void copy(ConvolutionShape shape, float[] input, int y, int x, int group, float[] patch, int to) {
        Window window = shape.window();
        FeatureMap map = shape.input();
        int channels = shape.groupInputs();
        int top = y * window.strideHeight() - window.paddingTop();
        int left = x * window.strideWidth() - window.paddingLeft();
        int position = to;
        for (int i = 0; i < window.height(); i++) {
            int row = top + i * window.dilationHeight();
            for (int j = 0; j < window.width(); j++) {
                int column = left + j * window.dilationWidth();
                if (row >= 0 && row < map.height() && column >= 0 && column < map.width()) {
                    int from = (row * map.width() + column) * map.channels() + group * channels;
                    System.arraycopy(input, from, patch, position, channels);
                } else {
                    Arrays.fill(patch, position, position + channels, 0);
                }
                position += channels;
            }
        }
    }
}
