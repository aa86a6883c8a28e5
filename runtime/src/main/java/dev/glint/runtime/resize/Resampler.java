package dev.glint.runtime.resize;

import dev.glint.runtime.Image;
import dev.glint.runtime.Interpolation;

/** Resizes as Pillow's {@code Image.resize} does, bit for bit. */
public final class Resampler {
    private Resampler() {}

    /** A picture of {@code width x height} pixels; the same picture if it has that size. */
    public static Image resize(Image image, int width, int height, Interpolation interpolation) {
        if (image.width() == width && image.height() == height) {
            return image;
        }
        throw new UnsupportedOperationException(width + "x" + height + " " + interpolation);
    }
}
