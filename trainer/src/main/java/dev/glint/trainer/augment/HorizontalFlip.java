package dev.glint.trainer.augment;

import dev.glint.runtime.image.Image;

/**
 * Mirrors pictures: left and right change places.
 *
 * @param probability how often, above 0, at most 1
 */
public record HorizontalFlip(double probability) implements PositionAugmentation {
    public HorizontalFlip {
        Checks.requireProbability(probability);
    }

    @Override
    public Image apply(Image image, Draw draw) {
        return draw.chance(probability) ? mirror(image) : image;
    }

    @Override
    public void move(int[] rows, int[] columns, Draw draw) {
        if (draw.chance(probability)) {
            reverse(columns);
        }
    }

    static void reverse(int[] positions) {
        for (int i = 0, j = positions.length - 1; i < j; i++, j--) {
            int swapped = positions[i];
            positions[i] = positions[j];
            positions[j] = swapped;
        }
    }

    static Image mirror(Image image) {
        int width = image.width();
        byte[] from = image.samples();
        byte[] to = new byte[from.length];
        if (image.mode() == Image.Mode.RGB) {
            mirrorRgb(from, to, width);
        } else {
            for (int row = 0; row < from.length; row += width) {
                for (int x = 0; x < width; x++) {
                    to[row + x] = from[row + width - 1 - x];
                }
            }
        }
        return new Image(width, image.height(), image.mode(), to);
    }

    private static void mirrorRgb(byte[] from, byte[] to, int width) {
        for (int row = 0; row < from.length; row += 3 * width) {
            int source = row + 3 * (width - 1);
            for (int target = row; target < row + 3 * width; target += 3, source -= 3) {
                to[target] = from[source];
                to[target + 1] = from[source + 1];
                to[target + 2] = from[source + 2];
            }
        }
    }

    @Override
    public String toString() {
        return "flip=" + Checks.text(probability);
    }
}
