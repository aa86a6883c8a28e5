package dev.glint.classify.bench;

import com.google.gson.JsonObject;
import dev.glint.console.JsonReport;
import dev.glint.console.Output;
import dev.glint.console.Text;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code classify bench} prints.
 *
 * @param conditions what the figures depend on
 * @param measurements one per variant
 */
public record BenchReport(Conditions conditions, List<Measurement> measurements) {

    /**
     * What the figures depend on.
     *
     * @param onnxRuntime its version
     * @param threads for one picture
     * @param picture its file name, or the size of the synthetic one
     */
    record Conditions(String onnxRuntime, int threads, int warmup, int runs, int processes, String picture) {}

    /** A table, and a line that says how its figures came about. */
    public void printForPeople(Output out) {
        boolean accuracy = measurements.stream().anyMatch(m -> m.accuracy().isPresent());
        List<List<String>> rows = new ArrayList<>();
        rows.add(
                List.of("variant", "bytes", "p50", "p95", "p99", "first", "session", "memory", "speed-up", "accuracy"));
        for (Measurement m : measurements) {
            rows.add(List.of(
                    Text.printable(m.variant().name()),
                    Long.toString(m.variant().bytes()),
                    millis(m.latency().p50Nanos()),
                    millis(m.latency().p95Nanos()),
                    millis(m.latency().p99Nanos()),
                    millis(m.cold().start().firstInferenceNanos()),
                    millis(m.cold().start().sessionCreationNanos()),
                    m.cold().peakResidentBytes().isPresent()
                            ? Text.rounded(m.cold().peakResidentBytes().getAsLong() / 1e6, 1) + " MB"
                            : "-",
                    m.speedUp().isPresent() ? Text.rounded(m.speedUp().getAsDouble(), 2) + "x" : "-",
                    m.accuracy()
                            .map(a -> Text.rounded(100 * a.share(), 2) + " %")
                            .orElse("-")));
        }
        int columns = rows.get(0).size() - (accuracy ? 0 : 1);
        Text.table(rows.stream().map(row -> row.subList(0, columns)).toList()).forEach(out::line);
        out.line("");
        out.line("Tensor to logits in ms: " + conditions.picture() + ", threads " + conditions.threads() + ", "
                + conditions.runs() + " runs after " + conditions.warmup() + ", variants in turns.");
        out.line("First inference, session creation and peak memory: median of " + conditions.processes()
                + " fresh processes. ONNX Runtime " + conditions.onnxRuntime() + ".");
        out.flush();
    }

    /** The same as one JSON object. */
    public void printJson(Output out) {
        JsonObject head = new JsonObject();
        head.addProperty("schema", "glint.bench/1");
        head.addProperty("onnxRuntime", conditions.onnxRuntime());
        head.addProperty("threads", conditions.threads());
        head.addProperty("warmup", conditions.warmup());
        head.addProperty("runs", conditions.runs());
        head.addProperty("processes", conditions.processes());
        head.addProperty("picture", conditions.picture());
        try (JsonReport report = new JsonReport(out, head, "variants")) {
            measurements.forEach(m -> report.add(json(m)));
        }
    }

    private static JsonObject json(Measurement m) {
        JsonObject json = new JsonObject();
        json.addProperty("model", m.variant().name());
        json.addProperty("bytes", m.variant().bytes());
        json.addProperty("p50Nanos", m.latency().p50Nanos());
        json.addProperty("p95Nanos", m.latency().p95Nanos());
        json.addProperty("p99Nanos", m.latency().p99Nanos());
        json.addProperty("firstInferenceNanos", m.cold().start().firstInferenceNanos());
        json.addProperty("sessionCreationNanos", m.cold().start().sessionCreationNanos());
        if (m.cold().peakResidentBytes().isPresent()) {
            json.addProperty("peakResidentBytes", m.cold().peakResidentBytes().getAsLong());
        }
        if (m.speedUp().isPresent()) {
            json.addProperty("speedUp", Text.rounded(m.speedUp().getAsDouble(), 3));
        }
        m.accuracy().ifPresent(accuracy -> {
            json.addProperty("accuracy", Text.rounded(accuracy.share(), 6));
            json.addProperty("correct", accuracy.correct());
            json.addProperty("pictures", accuracy.pictures());
        });
        return json;
    }

    private static String millis(long nanos) {
        return Text.rounded(nanos / 1e6, nanos < 1_000_000 ? 3 : 2).toString();
    }
}
