package dev.glint.trainer.augment;

import dev.glint.runtime.image.Image;

/**
 * Fills a random rectangle with noise (Zhong et al., "Random Erasing Data Augmentation", 2017, its variant RE-R). Drawn
 * as torchvision's {@code RandomErasing}: 2 to 33 % of the area, height by width 0.3 to 3.3, at most ten attempts.
 *
 * @param probability how often, above 0, at most 1
 */
record RandomErasing(double probability) implements PictureAugmentation {
    private static final int ATTEMPTS = 10;
    private static final double MIN_AREA = 0.02;
    private static final double MAX_AREA = 0.33;
    private static final double LOG_MIN_RATIO = StrictMath.log(0.3);
    private static final double LOG_MAX_RATIO = StrictMath.log(3.3);

    public RandomErasing {
        Checks.requireProbability(probability);
    }

    @Override
    public Image apply(Image image, Draw draw) {
        if (!draw.chance(probability)) {
            return image;
        }
        double area = (double) image.width() * image.height();
        for (int i = 0; i < ATTEMPTS; i++) {
            double erased = area * draw.between(MIN_AREA, MAX_AREA);
            double ratio = StrictMath.exp(draw.between(LOG_MIN_RATIO, LOG_MAX_RATIO));
            int height = (int) Math.rint(Math.sqrt(erased * ratio));
            int width = (int) Math.rint(Math.sqrt(erased / ratio));
            if (height > 0 && width > 0 && height < image.height() && width < image.width()) {
                int top = draw.upTo(image.height() - height);
                return erase(image, draw.upTo(image.width() - width), top, width, height, draw);
            }
        }
        return image;
    }

    private static Image erase(Image image, int left, int top, int width, int height, Draw draw) {
        int channels = image.mode().channels();
        byte[] to = image.samples().clone();
        byte[] noise = new byte[width * channels];
        for (int y = top; y < top + height; y++) {
            draw.bytes(noise);
            System.arraycopy(noise, 0, to, (y * image.width() + left) * channels, noise.length);
        }
        return new Image(image.width(), image.height(), image.mode(), to);
    }

    @Override
    public String toString() {
        return "erase=" + Checks.text(probability);
    }
}
