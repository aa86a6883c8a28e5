package dev.glint.classify.batch;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.model.Prediction;
import dev.glint.runtime.model.Prediction.Candidate;
import java.util.List;

/**
 * Below what probability of the most probable class the answer is {@value #UNKNOWN}: a single candidate of that name, with the
 * index -1 and that probability.
 *
 * @param value 0 to 1
 */
public record MinProbability(double value) {
    private static final String UNKNOWN = "unknown";

    /** Every answer stands. */
    public static final MinProbability NONE = new MinProbability(0);

    /**
     * Checks it.
     *
     * @throws GlintException ({@code USAGE}) if it is no probability
     */
    public MinProbability {
        if (!(value >= 0 && value <= 1)) {
            throw GlintException.failure(Reason.USAGE, "--min-probability " + value, "0 to 1", "leave it out for none");
        }
    }

    /** The same prediction, or {@value #UNKNOWN}. */
    public Prediction settle(Prediction prediction) {
        double best = prediction.top().probability();
        return best >= value ? prediction : new Prediction(List.of(new Candidate(-1, UNKNOWN, best)));
    }
}
