package dev.glint.runtime.contract;

import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Pixels;

/** The channels of a model's input tensor, in their order. */
public enum ColorSpace {
    /** Red, green, blue. */
    RGB(Image.Mode.RGB, 0, 1, 2) {
        @Override
        Image convert(Image image) {
            return Pixels.rgb(image);
        }
    },
    /** Blue, green, red. Pictures stay RGB until they become a tensor. */
    BGR(Image.Mode.RGB, 2, 1, 0) {
        @Override
        Image convert(Image image) {
            return Pixels.rgb(image);
        }
    },
    /** Luminance as Pillow computes it: (19595 R + 38470 G + 7471 B + 32768) / 65536. */
    GRAY(Image.Mode.GRAY, 0) {
        @Override
        Image convert(Image image) {
            return Pixels.gray(image);
        }
    };

    private final Image.Mode mode;
    private final int[] samples;

    ColorSpace(Image.Mode mode, int... samples) {
        this.mode = mode;
        this.samples = samples;
    }

    /** A gray or RGB picture in this colour space. */
    abstract Image convert(Image image);

    /** The mode of a picture in this colour space. */
    public Image.Mode mode() {
        return mode;
    }

    /** Which sample of a picture's pixel a channel of the tensor takes. */
    int sample(int channel) {
        return samples[channel];
    }
}
