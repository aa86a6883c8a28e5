package dev.glint.runtime.decode.jpeg;

import dev.glint.runtime.image.Image;

/**
 * Makes gray or RGB rows of component rows, by libjpeg's fixed point (ITU-T T.871, 16 bits of fraction). CMYK becomes RGB
 * as Pillow has it: taken as inverted, then each colour darkened by black.
 */
final class ColorConverter {
    private static final int FRACTION = 16;
    private static final int HALF = 1 << FRACTION - 1;

    /** What a colour difference adds to red, green (in fixed point) and blue. */
    private static final int[] CR_TO_RED = new int[256];

    private static final int[] CR_TO_GREEN = new int[256];
    private static final int[] CB_TO_GREEN = new int[256];
    private static final int[] CB_TO_BLUE = new int[256];

    static {
        for (int i = 0; i < 256; i++) {
            int difference = i - 128;
            CR_TO_RED[i] = fixed(1.402) * difference + HALF >> FRACTION;
            CR_TO_GREEN[i] = -fixed(0.71414) * difference;
            CB_TO_GREEN[i] = -fixed(0.34414) * difference + HALF;
            CB_TO_BLUE[i] = fixed(1.772) * difference + HALF >> FRACTION;
        }
    }

    private final ColorModel model;
    private final Upsampler[] rows;
    private final int width;
    private final byte[] rgb;

    ColorConverter(ColorModel model, Upsampler[] rows, int width) {
        this.model = model;
        this.rows = rows;
        this.width = width;
        this.rgb = new byte[model == ColorModel.YCCK ? width * 3 : 0];
    }

    private static int fixed(double value) {
        return (int) (value * (1 << FRACTION) + 0.5);
    }

    /** What the rows consist of. */
    static Image.Mode mode(ColorModel model) {
        return model == ColorModel.GRAY ? Image.Mode.GRAY : Image.Mode.RGB;
    }

    /** Converts the current rows of the upsamplers into {@code out} from {@code at} on. */
    void convert(byte[] out, int at) {
        switch (model) {
            case GRAY -> System.arraycopy(rows[0].samples, rows[0].offset, out, at, width);
            case RGB -> interleave(out, at);
            case YCC -> convertYcc(out, at);
            case CMYK -> convertCmyk(out, at);
            case YCCK -> {
                convertYcc(rgb, 0);
                darken(out, at);
            }
        }
    }

    private void interleave(byte[] out, int at) {
        for (int c = 0; c < 3; c++) {
            byte[] samples = rows[c].samples;
            int offset = rows[c].offset;
            for (int x = 0; x < width; x++) {
                out[at + 3 * x + c] = samples[offset + x];
            }
        }
    }

    private void convertYcc(byte[] out, int at) {
        byte[] luma = rows[0].samples;
        byte[] cb = rows[1].samples;
        byte[] cr = rows[2].samples;
        int lumaOffset = rows[0].offset;
        int cbOffset = rows[1].offset;
        int crOffset = rows[2].offset;
        int to = at;
        for (int x = 0; x < width; x++) {
            int y = luma[lumaOffset + x] & 0xff;
            int u = cb[cbOffset + x] & 0xff;
            int v = cr[crOffset + x] & 0xff;
            int red = y + CR_TO_RED[v];
            int green = y + (CB_TO_GREEN[u] + CR_TO_GREEN[v] >> FRACTION);
            int blue = y + CB_TO_BLUE[u];
            if (((red | green | blue) & ~0xff) != 0) {
                red = limit(red);
                green = limit(green);
                blue = limit(blue);
            }
            out[to] = (byte) red;
            out[to + 1] = (byte) green;
            out[to + 2] = (byte) blue;
            to += 3;
        }
    }

    private static int limit(int value) {
        return Math.max(0, Math.min(255, value));
    }

    private void convertCmyk(byte[] out, int at) {
        byte[] black = rows[3].samples;
        for (int c = 0; c < 3; c++) {
            byte[] ink = rows[c].samples;
            for (int x = 0; x < width; x++) {
                int light = black[rows[3].offset + x] & 0xff;
                out[at + 3 * x + c] = darkened(255 - (ink[rows[c].offset + x] & 0xff), light);
            }
        }
    }

    private void darken(byte[] out, int at) {
        byte[] black = rows[3].samples;
        for (int x = 0; x < width; x++) {
            int light = black[rows[3].offset + x] & 0xff;
            for (int c = 0; c < 3; c++) {
                out[at + 3 * x + c] = darkened(rgb[3 * x + c] & 0xff, light);
            }
        }
    }

    /** Ink on paper that black has left this much light of; the product is divided by 255, rounded. */
    private static byte darkened(int ink, int light) {
        int product = ink * light + 128;
        return (byte) (light - ((product >> 8) + product >> 8));
    }
}
