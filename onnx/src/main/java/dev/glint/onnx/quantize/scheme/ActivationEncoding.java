package dev.glint.onnx.quantize.scheme;

/**
 * How activations become bytes: {@code q = saturate(round(x / scale) + zeroPoint)}, 0 to 255, half to even; and back,
 * {@code x = (q - zeroPoint) * scale}. Zero is represented exactly, so padding and ReLU stay exact. (Jacob et al.,
 * "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", 2018.)
 *
 * @param scale the step, positive
 * @param zeroPoint the byte that stands for 0, 0 to 255
 */
public record ActivationEncoding(float scale, int zeroPoint) {
    private static final int LEVELS = 255;

    public ActivationEncoding {
        if (!(scale >= Float.MIN_NORMAL) || !Float.isFinite(scale) || zeroPoint < 0 || zeroPoint > LEVELS) {
            throw new IllegalArgumentException("scale " + scale + ", zero point " + zeroPoint);
        }
    }

    /**
     * The encoding whose bytes reach over a range and 0. A value that was always 0 gets scale 1.
     *
     * @param range what was seen
     */
    public static ActivationEncoding covering(Range range) {
        Range reach = range.withZero();
        double width = (double) reach.max() - reach.min();
        if (width / LEVELS < Float.MIN_NORMAL) {
            return new ActivationEncoding(1, 0);
        }
        float scale = (float) (width / LEVELS);
        int zeroPoint = (int) Math.rint(-reach.min() / scale);
        return new ActivationEncoding(scale, Math.min(zeroPoint, LEVELS));
    }

    /** The encoding with the largest scale that is not above this one's, and no byte of which is outside the bounds. */
    public ActivationEncoding within(float min, float max) {
        float smaller = scale;
        int above = LEVELS - zeroPoint;
        if (above > 0 && smaller * above > max) {
            smaller = largestScale(smaller, above, max);
        }
        if (zeroPoint > 0 && smaller * zeroPoint > -min) {
            smaller = largestScale(smaller, zeroPoint, -min);
        }
        return new ActivationEncoding(smaller, zeroPoint);
    }

    private static float largestScale(float scale, int levels, float bound) {
        float smaller = Math.min(scale, Math.nextUp(bound / levels));
        while (smaller * levels > bound) {
            smaller = Math.nextDown(smaller);
        }
        return Math.max(smaller, Float.MIN_NORMAL);
    }

    /** The byte of an element, 0 to 255. */
    public int quantize(float value) {
        double steps = Math.rint(value / scale) + zeroPoint;
        return (int) Math.max(0, Math.min(LEVELS, steps));
    }

    /** What a byte stands for. */
    public float dequantize(int quantized) {
        return (quantized - zeroPoint) * scale;
    }
}
