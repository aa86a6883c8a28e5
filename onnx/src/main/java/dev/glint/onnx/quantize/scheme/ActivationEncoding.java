package dev.glint.onnx.quantize.scheme;

import dev.glint.onnx.quantize.scheme.TensorScheme.Symmetry;

/**
 * How activations become bytes: {@code q = saturate(round(x / scale) + zeroPoint)}, half to even, from the smallest to
 * the largest number of the type, as {@code QuantizeLinear} of ONNX does it; and back, {@code x = (q - zeroPoint) *
 * scale}. Zero is represented exactly, so padding and ReLU stay exact. (Jacob et al., "Quantization and Training of
 * Neural Networks for Efficient Integer-Arithmetic-Only Inference", 2018.)
 *
 * @param type the bytes
 * @param scale the step, positive
 * @param zeroPoint the byte that stands for 0, a number of the type
 */
public record ActivationEncoding(IntegerType type, float scale, int zeroPoint) {

    public ActivationEncoding {
        if (!(scale >= Float.MIN_NORMAL)
                || !Float.isFinite(scale)
                || zeroPoint < type.min()
                || zeroPoint > type.max()) {
            throw new IllegalArgumentException(type + ", scale " + scale + ", zero point " + zeroPoint);
        }
    }

    /**
     * The encoding whose integers reach over a range and 0. A value that was always 0 gets scale 1.
     *
     * @param range what was seen
     * @param scheme of the activation
     */
    public static ActivationEncoding covering(Range range, TensorScheme scheme) {
        Range reach = range.withZero();
        boolean symmetric = scheme.symmetry() == Symmetry.SYMMETRIC;
        double step = symmetric
                ? Math.max(-(double) reach.min(), reach.max()) / (scheme.highest() - scheme.middle())
                : ((double) reach.max() - reach.min()) / (scheme.highest() - scheme.lowest());
        if (step < Float.MIN_NORMAL) {
            return new ActivationEncoding(scheme.type(), 1, symmetric ? scheme.middle() : scheme.lowest());
        }
        float scale = (float) step;
        if (symmetric) {
            return new ActivationEncoding(scheme.type(), scale, scheme.middle());
        }
        int zeroPoint = scheme.lowest() + (int) Math.rint(-reach.min() / scale);
        return new ActivationEncoding(scheme.type(), scale, Math.min(zeroPoint, scheme.highest()));
    }

    /** The encoding with the largest scale that is not above this one's, and no byte of which is outside the bounds. */
    public ActivationEncoding within(float min, float max) {
        float smaller = scale;
        int above = type.max() - zeroPoint;
        if (above > 0 && smaller * above > max) {
            smaller = largestScale(smaller, above, max);
        }
        int below = zeroPoint - type.min();
        if (below > 0 && smaller * below > -min) {
            smaller = largestScale(smaller, below, -min);
        }
        return new ActivationEncoding(type, smaller, zeroPoint);
    }

    /** The encoding in which the same bytes stand for so many times what they stand for in this one. */
    public ActivationEncoding scaled(float factor) {
        return factor == 1 ? this : new ActivationEncoding(type, Math.max(scale * factor, Float.MIN_NORMAL), zeroPoint);
    }

    private static float largestScale(float scale, int levels, float bound) {
        float smaller = Math.min(scale, Math.nextUp(bound / levels));
        while (smaller * levels > bound) {
            smaller = Math.nextDown(smaller);
        }
        return Math.max(smaller, Float.MIN_NORMAL);
    }

    /** The integer of an element. */
    public int quantize(float value) {
        double steps = Math.rint(value / scale) + zeroPoint;
        return (int) Math.max(type.min(), Math.min(type.max(), steps));
    }

    /** What an integer stands for. */
    public float dequantize(int quantized) {
        return (quantized - zeroPoint) * scale;
    }
}
