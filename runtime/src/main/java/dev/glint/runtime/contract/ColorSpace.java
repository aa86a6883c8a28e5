package dev.glint.runtime.contract;

import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Pixels;

/** The channels of a model's input tensor. */
public enum ColorSpace {
    /** Red, green, blue. */
    RGB(Image.Mode.RGB) {
        @Override
        Image convert(Image image) {
            return Pixels.rgb(image);
        }
    },
    /** Luminance as Pillow computes it: (19595 R + 38470 G + 7471 B + 32768) / 65536. */
    GRAY(Image.Mode.GRAY) {
        @Override
        Image convert(Image image) {
            return Pixels.gray(image);
        }
    };

    private final Image.Mode mode;

    ColorSpace(Image.Mode mode) {
        this.mode = mode;
    }

    /** A gray or RGB picture in this colour space. */
    abstract Image convert(Image image);

    /** The mode of a picture in this colour space. */
    public Image.Mode mode() {
        return mode;
    }
}
