package dev.glint.onnx.quantize.correct;

/**
 * Factors between two layers with weights of a scale per output channel. What the second layer makes has two noises: each
 * activation is rounded by the step of all channels, and meets the weights that take its channel; each weight is rounded
 * by the step of its output channel, and meets the activation. Dividing a channel by a factor s and multiplying the
 * weights by it makes the first noise s^2 times as large and the second 1/s^2 times.
 *
 * <p>With the range of the activations given, the best factor is the fourth root of the noises' ratio, but no smaller than
 * what keeps the channel in the range. Of the ranges from the largest channel's downwards the one with the least noise is
 * taken. Where a weight's step follows the factor, since its output channel sees no other (a depthwise convolution), or
 * there is none, since the second layer is in float, only the first noise counts, and each channel fills the range.
 */
final class NoiseBalance {
    private static final double ACTIVATION_STEPS = 255;
    private static final double WEIGHT_STEPS = 127;
    private static final int RANGES = 17;
    private static final double NEXT_RANGE = Math.pow(2, -0.25);
    private static final double LEAST = 1e-12;

    private final LayerPair pair;
    private final double[] reach;
    private final double[] power;
    private final double[] weightSquares;
    private final double[] rowMaxima;
    private final float[] weights;
    private final boolean balanced;

    private NoiseBalance(LayerPair pair, ChannelMoments seen, boolean secondIsInteger, double... before) {
        int channels = before.length;
        this.pair = pair;
        this.balanced = secondIsInteger && !pair.isDepthwise();
        this.reach = new double[channels];
        this.power = new double[channels];
        this.weightSquares = new double[channels];
        this.weights = pair.second().weight().toFloats();
        this.rowMaxima = new double[pair.second().channels()];
        for (int c = 0; c < channels; c++) {
            reach[c] = seen.reach(c) / before[c];
            power[c] = seen.meanSquare(c) / before[c] / before[c];
        }
        int row = weights.length / rowMaxima.length;
        for (int i = 0; i < weights.length; i++) {
            weightSquares[pair.channelOfWeight(i)] += (double) weights[i] * weights[i];
            rowMaxima[i / row] = Math.max(rowMaxima[i / row], Math.abs(weights[i]));
        }
    }

    /**
     * The factors to divide the first layer's output channels by.
     *
     * @param seen of the activation, without the factors of before
     * @param secondIsInteger whether the second layer's weights are rounded
     * @param before what the channels were divided by already
     */
    static double[] factors(LayerPair pair, ChannelMoments seen, boolean secondIsInteger, double... before) {
        NoiseBalance balance = new NoiseBalance(pair, seen, secondIsInteger, before);
        double largest = 0;
        for (double reach : balance.reach) {
            largest = Math.max(largest, reach);
        }
        double range = Math.min(largest, pair.upperBound());
        if (range == 0) {
            return balance.limited(1, 1);
        }
        double[] best = balance.limited(range, range);
        double least = balance.noise(best, range);
        boolean canShrink = balance.balanced && Double.isInfinite(pair.upperBound());
        for (int i = 1; canShrink && i < RANGES; i++) {
            range *= NEXT_RANGE;
            double[] factors = balance.limited(range, range);
            double noise = balance.noise(factors, range);
            if (noise < least) {
                least = noise;
                best = factors;
            }
        }
        return best;
    }

    private double[] limited(double range, double bound) {
        double activationStep = range / ACTIVATION_STEPS;
        double[] weightNoise = weightNoise();
        double[] factors = new double[reach.length];
        for (int c = 0; c < factors.length; c++) {
            double fill = reach[c] / bound;
            double wanted = balanced
                    ? Math.pow(weightNoise[c] * power[c] / (activationStep * activationStep * weightSquares[c]), 0.25)
                    : fill;
            double factor = Math.max(fill, wanted);
            factors[c] = reach[c] > 0 && Double.isFinite(factor) && factor > LEAST ? factor : 1;
        }
        return factors;
    }

    /** For each channel the sum of the squared steps of the weights that take it. */
    private double[] weightNoise() {
        double[] noise = new double[reach.length];
        int row = weights.length / rowMaxima.length;
        for (int i = 0; i < weights.length; i++) {
            double step = rowMaxima[i / row] / WEIGHT_STEPS;
            noise[pair.channelOfWeight(i)] += step * step;
        }
        return noise;
    }

    private double noise(double[] factors, double range) {
        double step = range / ACTIVATION_STEPS;
        double noise = 0;
        for (int c = 0; c < factors.length; c++) {
            noise += step * step * weightSquares[c] * factors[c] * factors[c];
        }
        if (!balanced) {
            return noise;
        }
        double[] maxima = new double[rowMaxima.length];
        int row = weights.length / maxima.length;
        for (int i = 0; i < weights.length; i++) {
            maxima[i / row] = Math.max(maxima[i / row], Math.abs(weights[i]) * factors[pair.channelOfWeight(i)]);
        }
        for (int i = 0; i < weights.length; i++) {
            int channel = pair.channelOfWeight(i);
            double weightStep = maxima[i / row] / WEIGHT_STEPS;
            noise += weightStep * weightStep * power[channel] / (factors[channel] * factors[channel]);
        }
        return noise;
    }
}
