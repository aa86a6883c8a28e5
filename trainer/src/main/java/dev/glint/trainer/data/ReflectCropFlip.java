package dev.glint.trainer.data;

import java.util.Random;

/**
 * The augmentation of small pictures: a picture is padded on each side by reflection, which leaves out the border pixel
 * itself (as NumPy's and PyTorch's {@code reflect}), cropped to its old size at a random place, and mirrored in half of
 * all cases. Works on interleaved 8-bit samples. Not safe for use by several threads at once.
 */
public final class ReflectCropFlip {
    /** Pixels of padding on each side, as is customary for 32x32 pictures. */
    public static final int PADDING = 4;

    private final int width;
    private final int height;
    private final int channels;
    private final int[] columns;

    /** For pictures of one size, larger than the padding in both directions. */
    public ReflectCropFlip(int width, int height, int channels) {
        if (width <= PADDING || height <= PADDING) {
            throw new IllegalArgumentException(width + "x" + height + " with a padding of " + PADDING);
        }
        this.width = width;
        this.height = height;
        this.channels = channels;
        this.columns = new int[width];
    }

    /** Draws a place and a direction, three draws a picture, and writes the picture that they give. */
    public void apply(byte[] from, byte[] to, Random random) {
        int left = random.nextInt(2 * PADDING + 1);
        int top = random.nextInt(2 * PADDING + 1);
        apply(from, to, left, top, random.nextBoolean());
    }

    /**
     * Writes one of the pictures that the augmentation can give.
     *
     * @param from height x width x channels samples
     * @param to takes as many; another array
     * @param left first column of the crop in the padded picture, 0 to 2 x padding
     * @param top first row of the crop in the padded picture, 0 to 2 x padding
     * @param mirrored whether left and right change places after the crop
     */
    void apply(byte[] from, byte[] to, int left, int top, boolean mirrored) {
        for (int x = 0; x < width; x++) {
            int column = mirrored ? width - 1 - x : x;
            columns[x] = reflect(column + left - PADDING, width) * channels;
        }
        int at = 0;
        for (int y = 0; y < height; y++) {
            int row = reflect(y + top - PADDING, height) * width * channels;
            for (int column : columns) {
                for (int c = 0; c < channels; c++) {
                    to[at++] = from[row + column + c];
                }
            }
        }
    }

    private static int reflect(int position, int size) {
        int inside = Math.abs(position);
        return inside < size ? inside : 2 * (size - 1) - inside;
    }
}
