package dev.glint.runtime.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.glint.runtime.contract.OutputKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class PredictionTest {
    private static final List<String> LABELS = List.of("a", "b", "c", "d");

    @Test
    void ordersByProbabilityThenClass() {
        Prediction prediction = Prediction.fromOutput(OutputKind.LOGITS, new float[] {0f, 2f, -0f, 2f}, LABELS, 9);
        assertEquals(
                List.of("b", "d", "a", "c"),
                prediction.candidates().stream()
                        .map(Prediction.Candidate::label)
                        .toList());
        assertEquals(
                List.of(1, 3, 0, 2),
                prediction.candidates().stream()
                        .map(Prediction.Candidate::index)
                        .toList());
    }

    @Test
    void probabilitiesAreTheSoftmax() {
        Prediction prediction = Prediction.fromOutput(OutputKind.LOGITS, new float[] {1f, 3f, 2f, 0f}, LABELS, 2);
        double sum = Math.exp(1) + Math.exp(3) + Math.exp(2) + 1;
        assertEquals(2, prediction.candidates().size());
        assertEquals(Math.exp(3) / sum, prediction.top().probability(), 1e-15);
        assertEquals(Math.exp(2) / sum, prediction.candidates().get(1).probability(), 1e-15);
    }

    @Test
    void hugeLogitsDoNotOverflow() {
        Prediction prediction =
                Prediction.fromOutput(OutputKind.LOGITS, new float[] {1e30f, 3e38f, -3e38f, 3e38f}, LABELS, 4);
        assertEquals(0.5, prediction.top().probability());
        assertEquals(0.5, prediction.candidates().get(1).probability());
        assertEquals(0.0, prediction.candidates().get(3).probability());
    }

    @Test
    void probabilitiesOfTheModelAreTakenAsTheyAre() {
        Prediction prediction =
                Prediction.fromOutput(OutputKind.PROBABILITIES, new float[] {0.25f, 0f, 0.75f, 0f}, LABELS, 3);
        assertEquals(new Prediction.Candidate(2, "c", 0.75), prediction.top());
        assertEquals(
                new Prediction.Candidate(0, "a", 0.25), prediction.candidates().get(1));
        assertEquals(
                new Prediction.Candidate(1, "b", 0), prediction.candidates().get(2));
    }

    @Test
    void classesThatDoNotExcludeEachOtherHaveProbabilitiesOfTheirOwn() {
        Prediction prediction =
                Prediction.fromOutput(OutputKind.INDEPENDENT_LOGITS, new float[] {0, -100, 2, 1000}, LABELS, 4);
        assertEquals(new Prediction.Candidate(3, "d", 1), prediction.top());
        assertEquals(1 / (1 + Math.exp(-2)), prediction.candidates().get(1).probability(), 1e-15);
        assertEquals(0.5, prediction.candidates().get(2).probability());
        assertEquals(Math.exp(-100), prediction.candidates().get(3).probability(), 1e-50);
    }

    @Test
    void refusesLogitsThatDoNotFitTheLabels() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Prediction.fromOutput(OutputKind.LOGITS, new float[3], LABELS, 1));
        assertThrows(
                IllegalArgumentException.class,
                () -> Prediction.fromOutput(OutputKind.LOGITS, new float[4], LABELS, 0));
    }
}
