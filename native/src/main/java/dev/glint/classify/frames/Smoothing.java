package dev.glint.classify.frames;

/**
 * The exponential moving average of the classes' probabilities over frames: the first frame's, then {@code average + 2 / (n +
 * 1) * (probabilities - average)}. A span of n frames weighs the last ones about as their plain average over n would; one is
 * no smoothing. For one thread.
 */
final class Smoothing {
    private final double weight;
    private double[] average = new double[0];

    Smoothing(int frames) {
        this.weight = 2.0 / (frames + 1);
    }

    /** The average with these, which are as many each time. */
    double[] smooth(double[] probabilities) {
        if (average.length == 0) {
            average = probabilities.clone();
        }
        for (int i = 0; i < average.length; i++) {
            average[i] += weight * (probabilities[i] - average[i]);
        }
        return average.clone();
    }
}
