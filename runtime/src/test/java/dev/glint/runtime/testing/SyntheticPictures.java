package dev.glint.runtime.testing;

import dev.glint.runtime.image.Image;

/** Pictures without a file: noise from a hash of each sample's index, the same in {@code record_pixels.py}. */
public final class SyntheticPictures {
    private SyntheticPictures() {}

    /** Sample {@code i} of every picture, 0 to 255. */
    public static int noise(int i) {
        int hash = i * 0x9e3779b1;
        hash ^= hash >>> 15;
        hash *= 0x85ebca77;
        hash ^= hash >>> 13;
        return hash & 0xff;
    }

    /** An upright picture of noise. */
    public static Image noise(int width, int height, Image.Mode mode) {
        byte[] samples = new byte[width * height * mode.channels()];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) noise(i);
        }
        return new Image(width, height, mode, samples);
    }
}
