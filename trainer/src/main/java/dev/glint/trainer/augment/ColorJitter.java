package dev.glint.trainer.augment;

import dev.glint.runtime.image.Image;

/**
 * Changes brightness, contrast, saturation and hue in random order, as torchvision's {@code ColorJitter} does to 8-bit
 * pictures of Pillow. Factors are uniform in {@code max(0, 1 - x)} to {@code 1 + x}, the shift of the hue in {@code -x} to
 * {@code x} of a turn.
 *
 * @param brightness 0 or more; 0 leaves it alone
 * @param contrast the same
 * @param saturation the same; without effect on gray pictures
 * @param hue 0 to 0.5; without effect on gray pictures
 */
record ColorJitter(double brightness, double contrast, double saturation, double hue) implements PictureAugmentation {
    private static final int ADJUSTMENTS = 4;

    public ColorJitter {
        for (double strength : new double[] {brightness, contrast, saturation}) {
            Checks.require(strength >= 0 && strength <= 10, "a strength of " + Checks.text(strength));
        }
        Checks.require(hue >= 0 && hue <= 0.5, "a hue of " + Checks.text(hue));
        Checks.require(brightness + contrast + saturation + hue > 0, "a jitter of nothing");
    }

    @Override
    public Image apply(Image image, Draw draw) {
        int[] order = {0, 1, 2, 3};
        for (int i = ADJUSTMENTS - 1; i > 0; i--) {
            int j = draw.upTo(i);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        Image result = image;
        for (int adjustment : order) {
            result = adjust(result, adjustment, draw);
        }
        return result;
    }

    private Image adjust(Image image, int adjustment, Draw draw) {
        return switch (adjustment) {
            case 0 -> brightness == 0 ? image : Colors.brightness(image, factor(brightness, draw));
            case 1 -> contrast == 0 ? image : Colors.contrast(image, factor(contrast, draw));
            case 2 -> saturation == 0 ? image : Colors.saturation(image, factor(saturation, draw));
            default -> hue == 0 ? image : Colors.hue(image, draw.between(-hue, hue));
        };
    }

    private static float factor(double strength, Draw draw) {
        return (float) draw.between(Math.max(0, 1 - strength), 1 + strength);
    }

    @Override
    public String toString() {
        return "jitter=" + Checks.text(brightness) + ":" + Checks.text(contrast) + ":" + Checks.text(saturation) + ":"
                + Checks.text(hue);
    }
}
