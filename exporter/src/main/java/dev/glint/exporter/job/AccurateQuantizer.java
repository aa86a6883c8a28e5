package dev.glint.exporter.job;

import dev.glint.onnx.quantize.Quantizer;
import dev.glint.onnx.quantize.QuantizerOptions;
import dev.glint.onnx.quantize.plan.Profile.Form;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.runtime.evaluate.TestSet;
import dev.glint.runtime.failure.GlintException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Quantises with the corrections and the choice of nodes that were asked for, and puts layers back to float where accuracy
 * drops too far.
 *
 * @param test what accuracy is measured with
 * @param maxDropPoints the percentage points of accuracy that may be lost at most
 */
record AccurateQuantizer(
        FloatModel source,
        LayerSettings settings,
        Optional<TestSet> test,
        Optional<Double> maxDropPoints,
        JobListener listener) {

    /**
     * Quantises.
     *
     * @throws GlintException ({@code USAGE}, {@code INPUT}) for a node that the model does not have, ({@code GATE}) if no
     *     choice of layers keeps the accuracy
     */
    Quantizer.Result quantize(Quantizer quantizer, QuantizerOptions options) {
        NodeChoice.Resolved nodes = settings.nodes().resolve(quantizer.floats().graph());
        boolean correctable = options.profile().form() == Form.QDQ;
        // A network that was fitted with its roundings is right as it is.
        boolean fitted = !options.givenRanges().isEmpty();
        Map<String, Range> ranges = new LinkedHashMap<>(options.givenRanges());
        ranges.putAll(nodes.ranges());
        QuantizerOptions chosen = options.withFloatNodes(nodes.floatNodes())
                .withSchemes(nodes.schemes())
                .withGivenRanges(ranges)
                .withCorrections(correctable && !fitted ? settings.corrections() : List.of());
        Quantizer.Result first = quantizer.quantize(chosen);
        boolean searched = settings.search()
                && correctable
                && maxDropPoints.isPresent()
                && !first.plan().weights().isEmpty();
        Quantizer.Result result = searched
                ? test.map(set -> new Fallback(source, set, maxDropPoints.get(), listener)
                                .search(quantizer, chosen, first, nodes.integerNodes()))
                        .orElse(first)
                : first;
        settings.drafts().accept(result.draft());
        if (options.profile().isCalibrated()) {
            settings.explanation().ifPresent(explanation -> explanation.accept(quantizer.explain(result)));
        }
        return result;
    }
}
