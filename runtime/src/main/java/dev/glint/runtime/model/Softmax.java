package dev.glint.runtime.model;

/**
 * Logits as probabilities, in double precision and by {@link StrictMath}, so that every machine and every compiler gives the
 * same digits.
 */
public final class Softmax {
    private Softmax() {}

    /**
     * The probabilities of one picture's classes.
     *
     * @param logits of one picture or more, (N, classes)
     * @param start where the picture's are
     * @param classes how many they are
     * @return one value per class, 0 to 1
     */
    public static double[] probabilities(float[] logits, int start, int classes) {
        double max = max(logits, start, classes);
        double[] probabilities = new double[classes];
        double sum = 0;
        for (int i = 0; i < classes; i++) {
            probabilities[i] = StrictMath.exp(logits[start + i] - max);
            sum += probabilities[i];
        }
        for (int i = 0; i < classes; i++) {
            probabilities[i] /= sum;
        }
        return probabilities;
    }

    /** The sigmoid of each logit: the probabilities of classes that know nothing of each other, 0 to 1. */
    public static double[] independentProbabilities(float[] logits) {
        double[] probabilities = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] = 1 / (1 + StrictMath.exp(-(double) logits[i]));
        }
        return probabilities;
    }

    /**
     * The cross entropy of one picture: the negative natural logarithm of its class's probability, which may be too small
     * for a double itself.
     *
     * @param logits of one picture or more, (N, classes)
     * @param start where the picture's are
     * @param classes how many they are
     * @param label the picture's class
     */
    public static double crossEntropy(float[] logits, int start, int classes, int label) {
        double max = max(logits, start, classes);
        double sum = 0;
        for (int i = start; i < start + classes; i++) {
            sum += StrictMath.exp(logits[i] - max);
        }
        return StrictMath.log(sum) + max - logits[start + label];
    }

    private static double max(float[] logits, int start, int classes) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = start; i < start + classes; i++) {
            max = Math.max(max, logits[i]);
        }
        return max;
    }
}
