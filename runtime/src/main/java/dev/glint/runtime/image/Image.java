package dev.glint.runtime.image;

import java.util.Objects;

/**
 * A picture of 8-bit samples, interleaved, row by row from the top: the sample of channel {@code c} at column
 * {@code x}, row {@code y} stands at {@code (y * width + x) * mode.channels() + c}.
 *
 * @param width columns, at least 1
 * @param height rows, at least 1
 * @param mode what the channels mean
 * @param orientation the EXIF orientation tag, 1 (upright) to 8: how the samples must be turned to stand upright;
 *     the samples themselves are as stored
 * @param samples {@code width * height * mode.channels()} bytes, each an unsigned value 0 to 255; not copied, so the
 *     caller must leave them alone
 */
public record Image(int width, int height, Mode mode, int orientation, byte[] samples) {

    /** The channels of a pixel, in their order. */
    public enum Mode {
        /** Luminance. */
        GRAY(1),
        /** Luminance, alpha. */
        GRAY_ALPHA(2),
        /** Red, green, blue. */
        RGB(3),
        /** Red, green, blue, alpha (not premultiplied). */
        RGBA(4);

        private final int channels;

        Mode(int channels) {
            this.channels = channels;
        }

        /** Samples per pixel. */
        public int channels() {
            return channels;
        }

        /** Whether the last channel is alpha. */
        public boolean hasAlpha() {
            return channels % 2 == 0;
        }
    }

    public Image {
        Objects.requireNonNull(mode);
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("an image of " + width + "x" + height);
        }
        if (orientation < 1 || orientation > 8) {
            throw new IllegalArgumentException("EXIF orientation " + orientation);
        }
        if (samples.length != (long) width * height * mode.channels()) {
            throw new IllegalArgumentException(
                    samples.length + " samples for " + width + "x" + height + "x" + mode.channels());
        }
    }

    /** An upright picture. */
    public Image(int width, int height, Mode mode, byte[] samples) {
        this(width, height, mode, 1, samples);
    }

    /**
     * The same picture as {@code RGB}, as Pillow's {@code convert("RGB")} makes it: alpha is forgotten, gray becomes three
     * equal channels. The same object if it is {@code RGB} already.
     */
    public Image toRgb() {
        return Pixels.rgb(new AlphaRule.Drop().apply(this));
    }

    /** The same picture turned as its orientation tag says. The same object if it stands upright already. */
    public Image upright() {
        return Pixels.upright(this);
    }

    /** The sample of channel {@code c} at column {@code x}, row {@code y}: 0 to 255. */
    public int sample(int x, int y, int c) {
        return samples[(y * width + x) * mode.channels() + c] & 0xff;
    }
}
