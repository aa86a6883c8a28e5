package dev.glint.runtime.model;

import dev.glint.runtime.contract.OutputKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a model says of a picture: the most probable classes, best first.
 *
 * @param candidates at least one; equal probabilities stand in the order of the classes
 */
public record Prediction(List<Candidate> candidates) {

    /**
     * One class.
     *
     * @param index position among the model's logits
     * @param label its name
     * @param probability softmax or sigmoid of the logits, or what the model gives as its probability; 0 to 1
     */
    public record Candidate(int index, String label, double probability) {}

    public Prediction {
        candidates = List.copyOf(candidates);
        if (candidates.isEmpty()) {
            throw new IllegalArgumentException("a prediction without candidates");
        }
    }

    /** The most probable class. */
    public Candidate top() {
        return candidates.get(0);
    }

    /**
     * The {@code topK} most probable classes of one picture's output, with their {@link #probabilities}.
     *
     * @param values one per label
     * @param topK at least 1; more than there are labels means all
     */
    public static Prediction fromOutput(OutputKind kind, float[] values, List<String> labels, int topK) {
        if (values.length != labels.size() || topK < 1) {
            throw new IllegalArgumentException(values.length + " values, " + labels.size() + " labels, top " + topK);
        }
        double[] probabilities = probabilities(kind, values);
        List<Candidate> candidates = new ArrayList<>();
        long[] order = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            order[i] = rank(values[i]) | i;
        }
        Arrays.sort(order);
        for (int i = 0; i < Math.min(topK, values.length); i++) {
            int index = (int) order[i];
            candidates.add(new Candidate(index, labels.get(index), probabilities[index]));
        }
        return new Prediction(candidates);
    }

    /** In the upper half what is less the larger the value is: a float's bits are in its order but for the sign. */
    private static long rank(float value) {
        int bits = Float.floatToIntBits(value + 0f);
        int ascending = bits ^ bits >> 31 & Integer.MAX_VALUE;
        return (long) ~ascending << Integer.SIZE;
    }

    /** The probabilities of one picture's classes, 0 to 1: those of {@link Softmax}, or what the model gives as such. */
    public static double[] probabilities(OutputKind kind, float[] values) {
        if (kind == OutputKind.LOGITS) {
            return Softmax.probabilities(values, 0, values.length);
        }
        if (kind == OutputKind.INDEPENDENT_LOGITS) {
            return Softmax.independentProbabilities(values);
        }
        double[] probabilities = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            // A softmax in floats may end a rounding above 1.
            probabilities[i] = Math.min(1, values[i]);
        }
        return probabilities;
    }
}
