package dev.glint.classify.batch;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.glint.console.Text;
import dev.glint.runtime.model.Prediction;
import dev.glint.runtime.model.Prediction.Candidate;
import java.math.BigDecimal;

/** Answers as JSON, with every digit pinned. */
public final class CandidateJson {
    private static final int PROBABILITY_DIGITS = 6;

    private CandidateJson() {}

    /** The fields {@code label}, {@code index} and {@code probability}. */
    static JsonObject candidate(Candidate candidate) {
        JsonObject json = new JsonObject();
        json.addProperty("label", candidate.label());
        json.addProperty("index", candidate.index());
        json.addProperty("probability", probability(candidate.probability()));
        return json;
    }

    /** A list of them, best first. */
    public static JsonArray candidates(Prediction prediction) {
        JsonArray candidates = new JsonArray();
        prediction.candidates().forEach(candidate -> candidates.add(candidate(candidate)));
        return candidates;
    }

    /** A probability to six digits. */
    public static BigDecimal probability(double probability) {
        return Text.rounded(probability, PROBABILITY_DIGITS);
    }
}
