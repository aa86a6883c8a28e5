package dev.glint.onnx.quantize;

import dev.glint.onnx.quantize.Decisions.CorrectionTrial;
import dev.glint.onnx.quantize.calibrate.Calibrator;
import dev.glint.onnx.quantize.correct.Correction;
import dev.glint.onnx.quantize.plan.FloatReason;
import dev.glint.onnx.quantize.plan.Profile;
import dev.glint.onnx.quantize.plan.SchemeChanges;
import dev.glint.onnx.quantize.scheme.Range;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a model is to be quantised.
 *
 * @param profile what the plan goes by
 * @param calibrators those to choose from by signal to noise on held-out pictures; the first where there are none
 * @param corrections those to try, in this order; each is kept only if it raises the signal to noise
 * @param floatNodes the names of nodes that stay in float, each with the reason
 * @param schemes the tensors that do not follow the profile
 * @param givenRanges of values by their names in the float model, as a fit that is aware of its quantisation has learned
 *     them; no calibrator is asked for these
 */
public record QuantizerOptions(
        Profile profile,
        List<Calibrator> calibrators,
        List<Correction> corrections,
        Map<String, FloatReason> floatNodes,
        SchemeChanges schemes,
        Map<String, Range> givenRanges) {

    public QuantizerOptions {
        if (calibrators.isEmpty()) {
            throw new IllegalArgumentException("no calibrator");
        }
        calibrators = List.copyOf(calibrators);
        corrections = List.copyOf(corrections);
        floatNodes = Collections.unmodifiableMap(new LinkedHashMap<>(floatNodes));
        givenRanges = Collections.unmodifiableMap(new LinkedHashMap<>(givenRanges));
    }

    /** A profile with ranges from the smallest to the largest element, and nothing else. */
    public static QuantizerOptions minmax(Profile profile) {
        return new QuantizerOptions(
                profile, List.of(Calibrator.MINMAX), List.of(), Map.of(), SchemeChanges.NONE, Map.of());
    }

    /** The same without what was not chosen, so that nothing of it is tried again. */
    public QuantizerOptions decidedAs(Decisions decisions) {
        return withCalibrators(calibrators.stream()
                        .filter(calibrator -> calibrator.name().equals(decisions.calibrator()))
                        .toList())
                .withCorrections(corrections.stream()
                        .filter(correction -> decisions
                                .correction(correction.name())
                                .map(CorrectionTrial::kept)
                                .orElse(true))
                        .toList());
    }

    /** The same with other calibrators. */
    public QuantizerOptions withCalibrators(List<Calibrator> changed) {
        return new QuantizerOptions(profile, changed, corrections, floatNodes, schemes, givenRanges);
    }

    /** The same with other corrections. */
    public QuantizerOptions withCorrections(List<Correction> changed) {
        return new QuantizerOptions(profile, calibrators, changed, floatNodes, schemes, givenRanges);
    }

    /** The same with other nodes in float. */
    public QuantizerOptions withFloatNodes(Map<String, FloatReason> changed) {
        return new QuantizerOptions(profile, calibrators, corrections, changed, schemes, givenRanges);
    }

    /** The same with other tensors that do not follow the profile. */
    public QuantizerOptions withSchemes(SchemeChanges changed) {
        return new QuantizerOptions(profile, calibrators, corrections, floatNodes, changed, givenRanges);
    }

    /** The same with other ranges given. */
    public QuantizerOptions withGivenRanges(Map<String, Range> changed) {
        return new QuantizerOptions(profile, calibrators, corrections, floatNodes, schemes, changed);
    }
}
