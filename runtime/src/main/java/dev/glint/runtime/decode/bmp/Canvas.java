package dev.glint.runtime.decode.bmp;

import dev.glint.runtime.image.Image.Mode;

/** The picture in the making, addressed by stored rows, which mostly run from the bottom up. */
final class Canvas {
    private final Header header;
    private final Mode mode;
    private final byte[] samples;

    Canvas(Header header) {
        this.header = header;
        boolean gray = header.palette().map(Palette::gray).orElse(false);
        this.mode = gray ? Mode.GRAY : header.hasAlpha() ? Mode.RGBA : Mode.RGB;
        this.samples = new byte[header.width() * header.height() * mode.channels()];
    }

    Mode mode() {
        return mode;
    }

    byte[] samples() {
        return samples;
    }

    /** Where the samples of a pixel begin. */
    int offset(int x, int storedRow) {
        int y = header.topDown() ? storedRow : header.height() - 1 - storedRow;
        return (y * header.width() + x) * mode.channels();
    }

    /** Sets a pixel to a colour of the palette. */
    void set(int at, Palette palette, int index) {
        byte[] rgb = palette.rgb();
        samples[at] = rgb[3 * index];
        if (mode == Mode.RGB) {
            samples[at + 1] = rgb[3 * index + 1];
            samples[at + 2] = rgb[3 * index + 2];
        }
    }
}
