package dev.glint.onnx.quantize.check;

import java.util.Arrays;

/**
 * How near a model's logits are to those of the float model, picture by picture.
 *
 * @param signals the sum of squares of the float model's logits
 * @param noises the sum of squares of the differences; infinite if they are no numbers
 */
public record Fidelity(double[] signals, double[] noises) {
    /** What pictures that happen to be held out decide wrongly once in six times is left undecided. */
    private static final double STANDARD_ERRORS = 1;

    public Fidelity {
        if (signals.length != noises.length || signals.length == 0) {
            throw new IllegalArgumentException(signals.length + " signals, " + noises.length + " noises");
        }
        noises = Arrays.stream(noises)
                .map(noise -> Double.isNaN(noise) ? Double.POSITIVE_INFINITY : noise)
                .toArray();
    }

    /** Ten times the decimal logarithm of the signal of all pictures over their noise; infinite without noise. */
    public double decibels() {
        double noise = Arrays.stream(noises).sum();
        if (noise == 0) {
            return Double.POSITIVE_INFINITY;
        }
        double decibels = 10 * Math.log10(Arrays.stream(signals).sum() / noise);
        return Double.isNaN(decibels) ? Double.NEGATIVE_INFINITY : decibels;
    }

    /**
     * Whether less noise is left than in another model's logits for the same pictures, and by more than what other pictures
     * would have made of it: the mean of the differences is above its standard error.
     */
    public boolean isClearlyAbove(Fidelity other) {
        int count = noises.length;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < count; i++) {
            double less = other.noises[i] - noises[i];
            sum += less;
            squares += less * less;
        }
        if (!Double.isFinite(sum)) {
            return decibels() > other.decibels();
        }
        double mean = sum / count;
        double variance = Math.max(0, squares / count - mean * mean);
        return mean > STANDARD_ERRORS * Math.sqrt(variance / Math.max(1, count - 1));
    }
}
