package dev.glint.trainer.augment;

import dev.glint.runtime.image.Image;

/** Tiny pictures and draws for tests. */
final class Pictures {
    private Pictures() {}

    /** Every sample another number, row by row. */
    static Image counting(int width, int height, Image.Mode mode) {
        byte[] samples = new byte[width * height * mode.channels()];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) i;
        }
        return new Image(width, height, mode, samples);
    }

    static Draw draw(long seed) {
        Draw draw = new Draw();
        draw.begin(seed * 0x9e3779b97f4a7c15L, false);
        return draw;
    }
}
