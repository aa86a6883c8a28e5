package dev.glint.runtime.image;

import dev.glint.runtime.image.Image.Mode;

/**
 * What happens to pixels without weighing neighbours: alpha, colour space, orientation, crop, padding. Alpha and orientation
 * are reached through {@link AlphaRule} and {@link OrientationRule}.
 */
public final class Pixels {
    private static final int BLOCK = 32;

    private Pixels() {}

    /** A picture with alpha without that channel. */
    static Image dropAlpha(Image image) {
        int channels = image.mode().channels();
        byte[] from = image.samples();
        byte[] to = new byte[from.length / channels * (channels - 1)];
        for (int i = 0, j = 0; i < from.length; i += channels) {
            for (int c = 0; c < channels - 1; c++) {
                to[j++] = from[i + c];
            }
        }
        return samplesReplaced(image, channels == 2 ? Mode.GRAY : Mode.RGB, to);
    }

    private static Image rgba(Image image) {
        if (image.mode() == Mode.RGBA) {
            return image;
        }
        byte[] from = image.samples();
        byte[] to = new byte[from.length * 2];
        for (int i = 0; i < from.length; i += 2) {
            to[2 * i] = to[2 * i + 1] = to[2 * i + 2] = from[i];
            to[2 * i + 3] = from[i + 1];
        }
        return samplesReplaced(image, Mode.RGBA, to);
    }

    /** A picture with alpha over one colour. */
    static Image composite(Image image, int red, int green, int blue) {
        int[] background = {red, green, blue};
        byte[] from = rgba(image).samples();
        byte[] to = new byte[from.length / 4 * 3];
        for (int i = 0, j = 0; i < from.length; i += 4) {
            int alpha = from[i + 3] & 0xff;
            for (int c = 0; c < 3; c++) {
                int blended = (from[i + c] & 0xff) * alpha + background[c] * (255 - alpha) + 128;
                to[j++] = (byte) ((blended + (blended >> 8)) >> 8);
            }
        }
        return samplesReplaced(image, Mode.RGB, to);
    }

    /** Luminance of an RGB picture, ITU-R 601-2 in Pillow's fixed point; a gray picture is returned as it is. */
    public static Image gray(Image image) {
        if (image.mode() == Mode.GRAY) {
            return image;
        }
        byte[] from = image.samples();
        byte[] to = new byte[from.length / 3];
        for (int i = 0, j = 0; i < from.length; i += 3) {
            int luminance = (from[i] & 0xff) * 19595 + (from[i + 1] & 0xff) * 38470 + (from[i + 2] & 0xff) * 7471;
            to[j++] = (byte) ((luminance + 0x8000) >> 16);
        }
        return samplesReplaced(image, Mode.GRAY, to);
    }

    /** Three equal channels of a gray picture; an RGB picture is returned as it is. */
    public static Image rgb(Image image) {
        if (image.mode() == Mode.RGB) {
            return image;
        }
        byte[] from = image.samples();
        byte[] to = new byte[from.length * 3];
        for (int i = 0; i < from.length; i++) {
            to[3 * i] = to[3 * i + 1] = to[3 * i + 2] = from[i];
        }
        return samplesReplaced(image, Mode.RGB, to);
    }

    /** Turns the picture as its orientation tag says (EXIF 2.32, tag 0x0112), so that the tag becomes 1. */
    static Image upright(Image image) {
        int orientation = image.orientation();
        if (orientation == 1) {
            return image;
        }
        int width = image.width();
        int height = image.height();
        boolean transposed = orientation >= 5;
        boolean fromRight = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
        boolean fromBottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
        int origin = (fromBottom ? (height - 1) * width : 0) + (fromRight ? width - 1 : 0);
        int column = fromRight ? -1 : 1;
        int row = fromBottom ? -width : width;
        return transposed
                ? turned(image, height, width, origin, row, column)
                : turned(image, width, height, origin, column, row);
    }

    /** Reads the picture from a pixel on in steps of so many pixels; by blocks of rows, so that the cache serves both sides. */
    private static Image turned(Image image, int width, int height, int origin, int stepX, int stepY) {
        int channels = image.mode().channels();
        byte[] from = image.samples();
        byte[] to = new byte[from.length];
        int rows = Math.abs(stepX) == 1 ? 1 : BLOCK;
        for (int top = 0; top < height; top += rows) {
            int bottom = Math.min(height, top + rows);
            for (int x = 0; x < width; x++) {
                for (int y = top; y < bottom; y++) {
                    int i = (origin + x * stepX + y * stepY) * channels;
                    int j = (y * width + x) * channels;
                    for (int c = 0; c < channels; c++) {
                        to[j + c] = from[i + c];
                    }
                }
            }
        }
        return new Image(width, height, image.mode(), to);
    }

    /** The middle of the picture, as torchvision's {@code center_crop}. */
    public static Image centerCrop(Image image, int width, int height) {
        if (image.width() == width && image.height() == height) {
            return image;
        }
        int left = offset(image.width(), width);
        int top = offset(image.height(), height);
        int channels = image.mode().channels();
        byte[] to = new byte[width * height * channels];
        int firstX = Math.max(0, -left);
        int columns = Math.min(width, image.width() - left) - firstX;
        for (int y = Math.max(0, -top); y < Math.min(height, image.height() - top); y++) {
            int from = ((y + top) * image.width() + firstX + left) * channels;
            System.arraycopy(image.samples(), from, to, (y * width + firstX) * channels, columns * channels);
        }
        return new Image(width, height, image.mode(), image.orientation(), to);
    }

    /** Where the crop begins; negative where the picture is smaller and torchvision pads {@code (size - n) / 2}. */
    private static int offset(int size, int crop) {
        return crop > size ? -((crop - size) / 2) : (int) Math.rint((size - crop) / 2.0);
    }

    /**
     * Puts a gray or RGB picture into a frame of one colour, as Pillow's {@code ImageOps.pad} with this {@code centering}: what
     * does not fit is cut off.
     *
     * @param width columns of the frame
     * @param height rows of the frame
     * @param centering how much of the free columns and rows is left and above, 0 to 1; halves round to even
     */
    public static Image pad(Image image, int width, int height, double centering, int red, int green, int blue) {
        if (image.width() == width && image.height() == height) {
            return image;
        }
        byte[] color = {(byte) red, (byte) green, (byte) blue};
        if (image.mode() == Mode.GRAY) {
            color = gray(new Image(1, 1, Mode.RGB, color)).samples();
        }
        byte[] to = new byte[width * height * color.length];
        for (int i = 0; i < to.length; i++) {
            to[i] = color[i % color.length];
        }
        int left = (int) Math.rint((width - image.width()) * centering);
        int top = (int) Math.rint((height - image.height()) * centering);
        int firstX = Math.max(0, left);
        int columns = Math.min(width, left + image.width()) - firstX;
        for (int y = Math.max(0, top); y < Math.min(height, top + image.height()); y++) {
            int from = ((y - top) * image.width() + firstX - left) * color.length;
            System.arraycopy(image.samples(), from, to, (y * width + firstX) * color.length, columns * color.length);
        }
        return new Image(width, height, image.mode(), image.orientation(), to);
    }

    private static Image samplesReplaced(Image image, Mode mode, byte[] samples) {
        return new Image(image.width(), image.height(), mode, image.orientation(), samples);
    }
}
