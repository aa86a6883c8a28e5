package dev.glint.trainer.augment;

import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Interpolation;
import dev.glint.runtime.image.Resampler;

/**
 * A random part of a picture, resized to what the model takes, in place of the contract's geometric steps. Drawn as
 * torchvision's {@code RandomResizedCrop}: the area as a share of the picture, the logarithm of the aspect ratio, and,
 * where that does not fit in ten attempts, the middle of the picture (Szegedy et al., "Going Deeper with Convolutions",
 * 2015).
 *
 * @param minArea least share of the picture's area, above 0
 * @param maxArea largest share, at most 1
 * @param minRatio least width by height, above 0
 * @param maxRatio largest width by height
 */
public record RandomResizedCrop(double minArea, double maxArea, double minRatio, double maxRatio)
        implements Augmentation {
    private static final int ATTEMPTS = 10;

    /** A part of a picture. */
    record Box(int left, int top, int width, int height) {}

    public RandomResizedCrop {
        Checks.require(minArea > 0 && minArea <= maxArea && maxArea <= 1, "an area of " + minArea + " to " + maxArea);
        Checks.require(
                minRatio > 0 && minRatio <= maxRatio && maxRatio <= 100, "a ratio of " + minRatio + " to " + maxRatio);
    }

    /** The customary ratios, 3/4 to 4/3. */
    public RandomResizedCrop(double minArea, double maxArea) {
        this(minArea, maxArea, 3.0 / 4, 4.0 / 3);
    }

    /**
     * A random part of a picture.
     *
     * @param image gray or RGB, upright, of any size
     * @param width columns of the result
     * @param height rows of the result
     */
    public Image apply(Image image, int width, int height, Interpolation interpolation, Draw draw) {
        return Resampler.resize(cut(image, box(image.width(), image.height(), draw)), width, height, interpolation);
    }

    /**
     * How many rows and columns a picture needs at most: its smallest crop then still has twice as many as are made of it,
     * and a picture that was shrunk to them before gives much the same.
     *
     * @param side rows or columns of the result, whichever are more
     */
    public int usefulSide(int side) {
        double elongation = Math.max(1, Math.max(maxRatio, 1 / minRatio));
        return (int) Math.ceil(2 * side * Math.sqrt(elongation / minArea));
    }

    Box box(int width, int height, Draw draw) {
        double area = (double) width * height;
        for (int i = 0; i < ATTEMPTS; i++) {
            double target = area * draw.between(minArea, maxArea);
            double ratio = StrictMath.exp(draw.between(StrictMath.log(minRatio), StrictMath.log(maxRatio)));
            int w = (int) Math.rint(Math.sqrt(target * ratio));
            int h = (int) Math.rint(Math.sqrt(target / ratio));
            if (w > 0 && w <= width && h > 0 && h <= height) {
                int top = draw.upTo(height - h);
                return new Box(draw.upTo(width - w), top, w, h);
            }
        }
        return middle(width, height);
    }

    private Box middle(int width, int height) {
        double ratio = (double) width / height;
        int w = width;
        int h = height;
        if (ratio < minRatio) {
            h = (int) Math.rint(width / minRatio);
        } else if (ratio > maxRatio) {
            w = (int) Math.rint(height * maxRatio);
        }
        w = Math.max(1, Math.min(w, width));
        h = Math.max(1, Math.min(h, height));
        return new Box((width - w) / 2, (height - h) / 2, w, h);
    }

    private static Image cut(Image image, Box box) {
        int channels = image.mode().channels();
        int row = box.width * channels;
        byte[] to = new byte[box.height * row];
        for (int y = 0; y < box.height; y++) {
            int at = ((box.top + y) * image.width() + box.left) * channels;
            System.arraycopy(image.samples(), at, to, y * row, row);
        }
        return new Image(box.width, box.height, image.mode(), to);
    }

    @Override
    public String toString() {
        return "resized-crop=" + Checks.text(minArea) + ":" + Checks.text(maxArea) + ":" + Checks.text(minRatio) + ":"
                + Checks.text(maxRatio);
    }
}
