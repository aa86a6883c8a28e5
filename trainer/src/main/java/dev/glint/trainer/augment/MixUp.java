package dev.glint.trainer.augment;

/**
 * The weighted mean of two pictures, the weight from Beta(alpha, alpha) (Zhang et al., "mixup: Beyond Empirical Risk
 * Minimization", 2018). Each picture draws its own weight.
 *
 * @param alpha above 0: small ones mostly leave a picture nearly alone, 1 makes all weights as likely
 */
record MixUp(double alpha) implements PairAugmentation {
    public MixUp {
        Checks.require(alpha > 0 && alpha <= 100, "an alpha of " + Checks.text(alpha));
    }

    @Override
    public float mix(float[] own, float[] other, int width, int height, Draw draw) {
        float share = (float) draw.beta(alpha);
        for (int i = 0; i < own.length; i++) {
            own[i] = share * own[i] + (1 - share) * other[i];
        }
        return share;
    }

    @Override
    public String toString() {
        return "mixup=" + Checks.text(alpha);
    }
}
