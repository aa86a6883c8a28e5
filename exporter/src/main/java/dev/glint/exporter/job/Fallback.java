package dev.glint.exporter.job;

import dev.glint.onnx.graph.OnnxWriter;
import dev.glint.onnx.quantize.FallbackSearch;
import dev.glint.onnx.quantize.Quantizer;
import dev.glint.onnx.quantize.QuantizerOptions;
import dev.glint.onnx.quantize.plan.FloatReason;
import dev.glint.runtime.evaluate.Accuracy;
import dev.glint.runtime.evaluate.Evaluation;
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
import java.util.HashMap;
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
        Accuracy floats = accuracy(source.file());
        Accuracy found = judge(first, 0, floats);
        if (!found.dropsMoreThan(maxDropPoints, floats)) {
            return first;
        }
        List<String> ranking = quantizer.costliest(first).stream()
                .filter(layer -> !pinned.contains(layer))
                .toList();
        Map<List<String>, Quantizer.Result> results = new HashMap<>();
        double[] nearest = {found.dropPoints(floats)};
        Optional<List<String>> list = FallbackSearch.shortest(ranking, layers -> {
            if (layers.isEmpty()) {
                return false;
            }
            Map<String, FloatReason> floatNodes = new LinkedHashMap<>(options.floatNodes());
            layers.forEach(layer -> floatNodes.putIfAbsent(layer, FloatReason.COSTLY));
            Quantizer.Result result = quantizer.quantize(options.withFloatNodes(floatNodes));
            results.put(List.copyOf(layers), result);
            Accuracy accuracy = judge(result, layers.size(), floats);
            nearest[0] = Math.min(nearest[0], accuracy.dropPoints(floats));
            return !accuracy.dropsMoreThan(maxDropPoints, floats);
        });
        return list.map(results::get)
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

    private Accuracy judge(Quantizer.Result result, int layersInFloat, Accuracy floats) {
        try {
            Path folder = Files.createTempDirectory("glint-fallback");
            Path file = folder.resolve("int8.onnx");
            try {
                Files.write(file, OnnxWriter.write(result.model()));
                Accuracy accuracy = accuracy(file);
                listener.note(String.format(
                        Locale.ROOT,
                        "%d layers in float: %.2f points lost, %.2fx as fast as fp32",
                        layersInFloat,
                        accuracy.dropPoints(floats),
                        speedUp(file)));
                return accuracy;
            } finally {
                Files.deleteIfExists(file);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Accuracy accuracy(Path file) {
        int total = test.pictures().size();
        try (Model model = Model.open(file)) {
            return Evaluation.accuracies(List.of(model), test, done -> listener.step("fallback", done, total))
                    .get(0);
        }
    }

    private double speedUp(Path file) {
        try (Classifier reference = Classifier.open(source.file());
                Classifier integers = Classifier.open(file)) {
            List<Latency> latencies = LatencyMeasurement.defaults()
                    .measure(
                            List.of(reference, integers),
                            test.pictures().picture(0, source.contract().decodeOptions()));
            return (double) latencies.get(0).p50Nanos() / latencies.get(1).p50Nanos();
        }
    }
}
