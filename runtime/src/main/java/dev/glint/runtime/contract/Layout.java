package dev.glint.runtime.contract;

import java.util.List;

/** The order of a tensor's dimensions: N pictures, C channels, H rows, W columns. */
public enum Layout {
    /** Plane by plane. */
    NCHW {
        @Override
        List<Integer> shape(int channels, int height, int width) {
            return List.of(channels, height, width);
        }
    },
    /** Pixel by pixel. */
    NHWC {
        @Override
        List<Integer> shape(int channels, int height, int width) {
            return List.of(height, width, channels);
        }
    };

    /** The dimensions behind N. */
    abstract List<Integer> shape(int channels, int height, int width);
}
