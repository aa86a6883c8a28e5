package dev.glint.trainer.augment;

import dev.glint.runtime.image.Image;

/** Adjustments of colours, each equal to that of Pillow's {@code ImageEnhance} or torchvision's {@code adjust_hue}. */
final class Colors {
    private Colors() {}

    /** Between black (0), the picture (1) and beyond. */
    static Image brightness(Image image, float factor) {
        return blend(image, factor, 0);
    }

    /** Between a gray as bright as the picture's mean (0), the picture (1) and beyond. */
    static Image contrast(Image image, float factor) {
        int pixels = image.width() * image.height();
        long sum = 0;
        for (int i = 0; i < pixels; i++) {
            sum += luminance(image, i);
        }
        int mean = (int) ((double) sum / pixels + 0.5);
        return blend(image, factor, mean);
    }

    /** Between the picture in gray (0), the picture (1) and beyond. */
    static Image saturation(Image image, float factor) {
        if (image.mode() == Image.Mode.GRAY) {
            return image;
        }
        byte[] from = image.samples();
        byte[] to = new byte[from.length];
        for (int at = 0, pixel = 0; at < from.length; at += 3, pixel++) {
            int gray = luminance(image, pixel);
            to[at] = blend(gray, from[at], factor);
            to[at + 1] = blend(gray, from[at + 1], factor);
            to[at + 2] = blend(gray, from[at + 2], factor);
        }
        return new Image(image.width(), image.height(), image.mode(), to);
    }

    /**
     * Turns the hue, by way of 8-bit hue, saturation and value.
     *
     * @param turn -0.5 to 0.5
     */
    static Image hue(Image image, double turn) {
        if (image.mode() == Image.Mode.GRAY) {
            return image;
        }
        int shift = (int) (turn * 255);
        byte[] from = image.samples();
        byte[] to = new byte[from.length];
        for (int at = 0; at < from.length; at += 3) {
            turn(from, to, at, shift);
        }
        return new Image(image.width(), image.height(), image.mode(), to);
    }

    private static Image blend(Image image, float factor, int other) {
        byte[] table = new byte[256];
        for (int sample = 0; sample < table.length; sample++) {
            table[sample] = blend(other, (byte) sample, factor);
        }
        byte[] from = image.samples();
        byte[] to = new byte[from.length];
        for (int i = 0; i < from.length; i++) {
            to[i] = table[from[i] & 0xff];
        }
        return new Image(image.width(), image.height(), image.mode(), to);
    }

    /** In single precision and cut off, as Pillow's {@code Image.blend}. */
    private static byte blend(int other, byte sample, float factor) {
        float value = other + factor * ((sample & 0xff) - other);
        return (byte) (value <= 0 ? 0 : value >= 255 ? 255 : (int) value);
    }

    private static int luminance(Image image, int pixel) {
        byte[] samples = image.samples();
        if (image.mode() == Image.Mode.GRAY) {
            return samples[pixel] & 0xff;
        }
        int red = samples[3 * pixel] & 0xff;
        int green = samples[3 * pixel + 1] & 0xff;
        int blue = samples[3 * pixel + 2] & 0xff;
        return (19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16;
    }

    private static void turn(byte[] from, byte[] to, int at, int shift) {
        int red = from[at] & 0xff;
        int green = from[at + 1] & 0xff;
        int blue = from[at + 2] & 0xff;
        int max = Math.max(red, Math.max(green, blue));
        int min = Math.min(red, Math.min(green, blue));
        float range = max - min;
        int saturation = max == min ? 0 : (int) (range / max * 255.0);
        int hue = max == min ? 0 : hueOf(max, red, green, blue, range);
        rgb((hue + shift) & 0xff, saturation, max, to, at);
    }

    /** 0 to 255 for a whole turn from red over green and blue to red. */
    private static int hueOf(int max, int red, int green, int blue, float range) {
        float redness = (max - red) / range;
        float greenness = (max - green) / range;
        float blueness = (max - blue) / range;
        float sixths;
        if (red == max) {
            sixths = blueness - greenness;
        } else if (green == max) {
            sixths = (float) (2.0 + redness - blueness);
        } else {
            sixths = (float) (4.0 + greenness - redness);
        }
        float turn = (float) ((sixths / 6.0 + 1.0) % 1.0);
        return Math.min(255, (int) (turn * 255.0));
    }

    private static void rgb(int hue, int saturation, int value, byte[] to, int at) {
        if (saturation == 0) {
            put(to, at, value, value, value);
            return;
        }
        float sixths = (float) (hue * 6.0 / 255.0);
        int sector = (int) sixths;
        float rest = (float) (hue * 6.0 / 255.0 - sector);
        float share = (float) (saturation / 255.0);
        int low = rounded(value * (1.0 - share));
        int falling = rounded(value * (1.0 - share * rest));
        int rising = rounded(value * (1.0 - share * (1.0 - rest)));
        switch (sector % 6) {
            case 0 -> put(to, at, value, rising, low);
            case 1 -> put(to, at, falling, value, low);
            case 2 -> put(to, at, low, value, rising);
            case 3 -> put(to, at, low, falling, value);
            case 4 -> put(to, at, rising, low, value);
            default -> put(to, at, value, low, falling);
        }
    }

    private static int rounded(double value) {
        return Math.max(0, Math.min(255, (int) Math.floor(value + 0.5)));
    }

    private static void put(byte[] to, int at, int red, int green, int blue) {
        to[at] = (byte) red;
        to[at + 1] = (byte) green;
        to[at + 2] = (byte) blue;
    }
}
