package dev.glint.trainer.augment;

/**
 * A rectangle of another picture in place of a picture's own, its area from Beta(alpha, alpha), its centre anywhere; what
 * lies outside is cut off, and the label follows the area that is left (Yun et al., "CutMix: Regularization Strategy to
 * Train Strong Classifiers with Localizable Features", 2019). Each picture draws its own rectangle.
 *
 * @param alpha above 0; 1 makes all areas as likely
 */
record CutMix(double alpha) implements PairAugmentation {
    public CutMix {
        Checks.require(alpha > 0 && alpha <= 100, "an alpha of " + Checks.text(alpha));
    }

    @Override
    public float mix(float[] own, float[] other, int width, int height, Draw draw) {
        double half = 0.5 * Math.sqrt(1 - draw.beta(alpha));
        int centerX = draw.upTo(width - 1);
        int centerY = draw.upTo(height - 1);
        int left = Math.max(0, centerX - (int) (half * width));
        int right = Math.min(width, centerX + (int) (half * width));
        int top = Math.max(0, centerY - (int) (half * height));
        int bottom = Math.min(height, centerY + (int) (half * height));
        for (int plane = 0; plane < own.length; plane += width * height) {
            for (int y = top; y < bottom; y++) {
                int row = plane + y * width + left;
                System.arraycopy(other, row, own, row, right - left);
            }
        }
        return 1 - (float) ((right - left) * (bottom - top)) / (width * height);
    }

    @Override
    public String toString() {
        return "cutmix=" + Checks.text(alpha);
    }
}
