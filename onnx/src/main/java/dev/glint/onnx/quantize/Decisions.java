package dev.glint.onnx.quantize;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What was decided while a model was quantised, and by what.
 *
 * @param calibrator the name of the one that gave the ranges
 * @param calibratorDecibels the signal to noise on held-out pictures of all that were tried, by their names; empty if
 *     there was nothing to choose, or nothing to choose by
 * @param corrections all that were tried, in this order
 * @param decibels the signal to noise of the result on held-out pictures; empty without such pictures
 */
public record Decisions(
        String calibrator,
        Map<String, Double> calibratorDecibels,
        List<CorrectionTrial> corrections,
        OptionalDouble decibels) {

    public Decisions {
        calibratorDecibels = Collections.unmodifiableMap(new LinkedHashMap<>(calibratorDecibels));
        corrections = List.copyOf(corrections);
    }

    /**
     * A correction that was tried.
     *
     * @param correction its name
     * @param decibelsBefore the signal to noise on held-out pictures without it
     * @param decibelsAfter with it
     * @param kept whether it is part of the result: it rose, and by more than these pictures might show by chance
     */
    public record CorrectionTrial(String correction, double decibelsBefore, double decibelsAfter, boolean kept) {}

    /** The trial of a correction; empty if it was not tried. */
    public Optional<CorrectionTrial> correction(String name) {
        return corrections.stream()
                .filter(trial -> trial.correction().equals(name))
                .findFirst();
    }
}
