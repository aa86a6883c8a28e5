package dev.glint.trainer.augment;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;

/**
 * Pads a picture on each side by reflection, which leaves out the border pixel itself (as NumPy's and PyTorch's {@code
 * reflect}), and crops it to its old size at a random place.
 *
 * @param padding pixels on each side, at least 1; 4 is customary for 32x32 pictures. Pictures must be larger than it
 */
public record ReflectCrop(int padding) implements PositionAugmentation {
    public ReflectCrop {
        Checks.require(padding >= 1 && padding <= 256, "a padding of " + padding);
    }

    @Override
    public Image apply(Image image, Draw draw) {
        requireLarger(image.width(), image.height());
        int left = offset(draw);
        int top = offset(draw);
        return crop(image, left, top);
    }

    @Override
    public void move(int[] rows, int[] columns, Draw draw) {
        requireLarger(columns.length, rows.length);
        shift(columns, offset(draw));
        shift(rows, offset(draw));
    }

    private int offset(Draw draw) {
        return draw.upTo(2 * padding) - padding;
    }

    private void requireLarger(int width, int height) {
        if (width <= padding || height <= padding) {
            throw GlintException.failure(
                    Reason.USAGE,
                    "pictures of " + width + "x" + height + " for the augmentation " + this,
                    "pictures larger than the padding",
                    "pad less or choose larger pictures");
        }
    }

    private static void shift(int[] positions, int offset) {
        int[] before = positions.clone();
        for (int i = 0; i < positions.length; i++) {
            positions[i] = before[reflect(i + offset, before.length)];
        }
    }

    /**
     * The picture that begins at a place of the padded one.
     *
     * @param left column of the original where the result begins, {@code -padding} to {@code padding}
     * @param top the same for rows
     */
    static Image crop(Image image, int left, int top) {
        if (left == 0 && top == 0) {
            return image;
        }
        int width = image.width();
        int height = image.height();
        int channels = image.mode().channels();
        byte[] from = image.samples();
        byte[] to = new byte[from.length];
        int first = Math.max(0, left);
        int inside = width - Math.abs(left);
        for (int y = 0; y < height; y++) {
            int row = reflect(y + top, height) * width;
            int target = y * width;
            System.arraycopy(from, (row + first) * channels, to, (target + first - left) * channels, inside * channels);
            for (int x = 0; x < -left; x++) {
                copy(from, (row + reflect(x + left, width)) * channels, to, (target + x) * channels, channels);
            }
            for (int x = inside; x < width && left > 0; x++) {
                copy(from, (row + reflect(x + left, width)) * channels, to, (target + x) * channels, channels);
            }
        }
        return new Image(width, height, image.mode(), to);
    }

    private static void copy(byte[] from, int at, byte[] to, int target, int channels) {
        for (int c = 0; c < channels; c++) {
            to[target + c] = from[at + c];
        }
    }

    private static int reflect(int position, int size) {
        int inside = Math.abs(position);
        return inside < size ? inside : 2 * (size - 1) - inside;
    }

    @Override
    public String toString() {
        return "crop=" + padding;
    }
}
