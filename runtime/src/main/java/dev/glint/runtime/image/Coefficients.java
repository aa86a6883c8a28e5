package dev.glint.runtime.image;

/**
 * The weights of one axis in fixed point: target pixel {@code i} is the sum of {@code count[i]} source pixels from
 * {@code first[i]} on, the weights beginning at {@code weights[i * taps]}.
 *
 * @param taps the distance of the weights of two target pixels
 * @param first index of the first source pixel per target pixel
 * @param count number of source pixels per target pixel
 * @param weights multiplied by 2 to the power of {@link #PRECISION_BITS}
 */
record Coefficients(int taps, int[] first, int[] count, int[] weights) {
    /** 32 bits, less 8 for the samples and 2 for sums beyond 1. */
    static final int PRECISION_BITS = 32 - 8 - 2;

    /** The weights for {@code in} pixels that become {@code out}; a filter other than {@code NEAREST}. */
    static Coefficients forResize(int in, int out, Interpolation interpolation) {
        double scale = (double) in / out;
        double filterScale = Math.max(scale, 1);
        double support = support(interpolation) * filterScale;
        int taps = (int) Math.ceil(support) * 2 + 1;
        int[] first = new int[out];
        int[] count = new int[out];
        int[] weights = new int[Math.multiplyExact(out, taps)];
        double[] unscaled = new double[taps];
        for (int i = 0; i < out; i++) {
            double center = (i + 0.5) * scale;
            first[i] = Math.max(0, (int) (center - support + 0.5));
            count[i] = Math.min(in, (int) (center + support + 0.5)) - first[i];
            double sum = 0;
            for (int k = 0; k < count[i]; k++) {
                unscaled[k] = weight((k + first[i] - center + 0.5) * (1 / filterScale), interpolation);
                sum += unscaled[k];
            }
            for (int k = 0; k < count[i]; k++) {
                weights[i * taps + k] = fixedPoint(sum == 0 ? unscaled[k] : unscaled[k] / sum);
            }
        }
        return new Coefficients(taps, first, count, weights);
    }

    /** Half away from zero. */
    private static int fixedPoint(double weight) {
        double scaled = weight * (1 << PRECISION_BITS);
        return (int) (weight < 0 ? scaled - 0.5 : scaled + 0.5);
    }

    private static double support(Interpolation interpolation) {
        return switch (interpolation) {
            case NEAREST -> throw new IllegalArgumentException("nearest has no weights");
            case BOX -> 0.5;
            case BILINEAR -> 1;
            case BICUBIC -> 2;
            case LANCZOS -> 3;
        };
    }

    private static double weight(double x, Interpolation interpolation) {
        double distance = Math.abs(x);
        return switch (interpolation) {
            case NEAREST -> throw new IllegalArgumentException("nearest has no weights");
            case BOX -> x > -0.5 && x <= 0.5 ? 1 : 0;
            case BILINEAR -> distance < 1 ? 1 - distance : 0;
            case BICUBIC -> cubic(distance);
            case LANCZOS -> x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
        };
    }

    /** Keys' cubic convolution with a = -0.5. */
    private static double cubic(double distance) {
        double a = -0.5;
        if (distance < 1) {
            return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
        }
        return distance < 2 ? (((distance - 5) * distance + 8) * distance - 4) * a : 0;
    }

    private static double sinc(double x) {
        return x == 0 ? 1 : StrictMath.sin(x * Math.PI) / (x * Math.PI);
    }
}
