package dev.glint.exporter.job;

import dev.glint.exporter.job.DropJudge.Verdict;
import dev.glint.onnx.graph.OnnxWriter;
import dev.glint.onnx.quantize.FallbackSearch;
import dev.glint.onnx.quantize.Quantizer;
import dev.glint.onnx.quantize.QuantizerOptions;
import dev.glint.onnx.quantize.plan.FloatReason;
import dev.glint.runtime.evaluate.Latency;
import dev.glint.runtime.evaluate.LatencyMeasurement;
import dev.glint.runtime.evaluate.TestSet;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Puts layers back to float until accuracy is near enough: those first that cost the logits most, and then as few of them
 * as will do.
 *
 * @param test what accuracy is measured with
 * @param maxDropPoints the percentage points that may be lost
 */
record Fallback(FloatModel source, TestSet test, double maxDropPoints, JobListener listener) {

    /**
     * Searches.
     *
     * @param options what the first result was made with
     * @param first with as many layers in integers as there can be; it is the answer if it is near enough
     * @param pinned the names of layers that stay integer
     * @throws GlintException ({@code GATE}), saying how near it came, if nothing short of all layers is enough
     */
    Quantizer.Result search(Quantizer quantizer, QuantizerOptions options, Quantizer.Result first, Set<String> pinned) {
        try (Model floats = Model.open(source.file())) {
            return search(floats, quantizer, options, first, pinned);
        }
    }

    private Quantizer.Result search(
            Model floats, Quantizer quantizer, QuantizerOptions options, Quantizer.Result first, Set<String> pinned) {
        DropJudge judge = new DropJudge(floats, test, maxDropPoints, listener);
        Verdict found = judge(judge, floats, first, 0);
        if (!found.tooLarge()) {
            return first;
        }
        List<String> ranking = quantizer.costliest(first).stream()
                .filter(layer -> !pinned.contains(layer))
                .toList();
        QuantizerOptions decided = options.decidedAs(first.decisions());
        // Each that is enough is shorter than those before it.
        Quantizer.Result[] shortest = {first};
        double[] nearest = {found.dropPoints()};
        Optional<List<String>> list = FallbackSearch.shortest(ranking, layers -> {
            if (layers.isEmpty()) {
                return false;
            }
            Map<String, FloatReason> floatNodes = new LinkedHashMap<>(options.floatNodes());
            layers.forEach(layer -> floatNodes.putIfAbsent(layer, FloatReason.COSTLY));
            Quantizer.Result result = quantizer.quantize(decided.withFloatNodes(floatNodes));
            Verdict verdict = judge(judge, floats, result, layers.size());
            nearest[0] = Math.min(nearest[0], verdict.dropPoints());
            if (!verdict.tooLarge()) {
                shortest[0] = result;
            }
            return !verdict.tooLarge();
        });
        return list.map(layers -> shortest[0])
                .orElseThrow(() -> GlintException.failure(
                        Reason.GATE,
                        String.format(
                                Locale.ROOT,
                                "an accuracy that drops by %.2f points at least, whichever of %d layers stay in float",
                                nearest[0],
                                ranking.size()),
                        String.format(Locale.ROOT, "at most %.2f", maxDropPoints),
                        "calibrate with more or other pictures, or ship fp32.onnx; nothing was written"));
    }

    private Verdict judge(DropJudge judge, Model floats, Quantizer.Result result, int layersInFloat) {
        try {
            Path folder = Files.createTempDirectory("glint-fallback");
            Path file = folder.resolve("int8.onnx");
            try {
                Files.write(file, OnnxWriter.write(result.model()));
                Verdict verdict = judge.judge(file);
                listener.note(String.format(
                        Locale.ROOT,
                        "%d layers in float: %.2f points lost on %d pictures, %.2fx as fast as fp32",
                        layersInFloat,
                        verdict.dropPoints(),
                        verdict.pictures(),
                        speedUp(floats, file)));
                return verdict;
            } finally {
                Files.deleteIfExists(file);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private double speedUp(Model floats, Path file) {
        try (Classifier reference = floats.newClassifier();
                Classifier integers = Classifier.open(file)) {
            List<Latency> latencies = LatencyMeasurement.defaults()
                    .measure(
                            List.of(reference, integers),
                            test.pictures().picture(0, source.contract().decodeOptions()));
            return (double) latencies.get(0).p50Nanos() / latencies.get(1).p50Nanos();
        }
    }
}
