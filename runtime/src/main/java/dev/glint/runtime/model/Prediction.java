package dev.glint.runtime.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

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
     * @param probability softmax of the logits, 0 to 1
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
     * The {@code topK} most probable classes of one picture's logits. Their probabilities are those of {@link
     * Softmax}.
     *
     * @param logits one value per label
     * @param topK at least 1; more than there are labels means all
     */
    public static Prediction fromLogits(float[] logits, List<String> labels, int topK) {
        if (logits.length != labels.size() || topK < 1) {
            throw new IllegalArgumentException(logits.length + " logits, " + labels.size() + " labels, top " + topK);
        }
        double[] probabilities = Softmax.probabilities(logits, 0, logits.length);
        List<Candidate> candidates = new ArrayList<>();
        for (int i : IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> -(logits[i] + 0f)))
                .limit(topK)
                .toList()) {
            candidates.add(new Candidate(i, labels.get(i), probabilities[i]));
        }
        return new Prediction(candidates);
    }
}
