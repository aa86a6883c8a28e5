package dev.glint.exporter.cli;

import dev.glint.console.Suggestion;
import dev.glint.onnx.quantize.correct.Correction;
import dev.glint.onnx.quantize.correct.Corrections;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** How weights and biases are changed before they are rounded. */
final class CorrectionOptions {
    private static final String NONE = "none";
    private static final String DEFAULT = "default";
    private static final String ALL = "all";
    /** Both take the same error from the same biases. */
    private static final Set<String> RIVALS = Set.of("weight-bias", "bias-correction");

    @Option(
            names = "--corrections",
            paramLabel = "NAMES",
            defaultValue = DEFAULT,
            split = ",",
            description = {
                "changes to weights and biases, each kept only if the logits of pictures held out from calibration come"
                        + " nearer to those of fp32.onnx: none, default (weight-bias), all, or some of equalization,"
                        + " bias-absorption, weight-bias, bias-correction, adaptive-rounding; all takes minutes"
            })
    private List<String> names = List.of(DEFAULT);

    /** The corrections, in the order in which they build on each other. */
    List<Correction> corrections() {
        if (names.size() == 1) {
            switch (names.get(0)) {
                case NONE:
                    return List.of();
                case DEFAULT:
                    return Corrections.quick();
                case ALL:
                    return Corrections.thorough();
                default:
            }
        }
        List<String> known = Corrections.known().stream().map(Correction::name).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                List<String> words = new ArrayList<>(List.of(NONE, DEFAULT, ALL));
                words.addAll(known);
                throw usage("'" + name + "'", "some of " + words, Suggestion.remedy(name, words, "correct the option"));
            }
        }
        if (names.containsAll(RIVALS)) {
            throw usage("weight-bias and bias-correction", "one of both", "leave one out");
        }
        return Corrections.known().stream()
                .filter(correction -> names.contains(correction.name()))
                .toList();
    }

    private static GlintException usage(String found, String expected, String remedy) {
        return GlintException.failure(Reason.USAGE, found, expected, remedy).about("--corrections");
    }
}
