package dev.glint.classify.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.glint.classify.bench.BenchReport.Conditions;
import dev.glint.console.JsonReport;
import dev.glint.console.Output;
import dev.glint.console.Text;
import dev.glint.console.Versions;

/**
 * The JSON form of a {@link BenchReport}, {@code glint.bench/1}: what {@code exporter bench --device-json} reads back. Times are
 * in nanoseconds; what is not known is left out.
 *
 * <table>
 *   <caption>Fields</caption>
 *   <tr><td>{@code classify}, {@code java}, {@code onnxRuntime}</td><td>versions</td></tr>
 *   <tr><td>{@code machine}</td><td>{@code processor}, {@code board}, {@code processors}, {@code features}, {@code memoryBytes},
 *       {@code system}</td></tr>
 *   <tr><td>{@code before}, {@code after}</td><td>{@code load}, {@code governor}, {@code frequencyHertz}, {@code
 *       maxFrequencyHertz}, {@code celsius}, {@code throttlings}, {@code raspberryPiThrottled}</td></tr>
 *   <tr><td>{@code throttled}</td><td>whether the processor was slowed down meanwhile</td></tr>
 *   <tr><td>{@code threads}, {@code warmup}, {@code runs}, {@code processes}, {@code picture}</td><td>how it was measured</td></tr>
 *   <tr><td>{@code testSet}</td><td>{@code name}, {@code sha256}, {@code pictures}</td></tr>
 *   <tr><td>{@code recommendation}</td><td>{@code model}, {@code engine}, {@code ortFrom}, {@code maxDropPoints}, {@code reason}, {@code
 *       refusals}</td></tr>
 *   <tr><td>{@code variants}</td><td>each {@code model}, {@code engine}, {@code sha256}, {@code bytes}, {@code p50Nanos}, {@code
 *       p95Nanos}, {@code p99Nanos}, {@code firstInferenceNanos}, {@code sessionCreationNanos}, {@code processNanos}, {@code
 *       peakResidentBytes}, {@code speedUp}, {@code accuracy}, {@code correct}, {@code pictures}</td></tr>
 * </table>
 */
final class BenchJson {
    private static final String SCHEMA = "glint.bench/1";

    private BenchJson() {}

    static void print(BenchReport report, Output out) {
        try (JsonReport json = new JsonReport(out, head(report), "variants")) {
            report.measurements().forEach(m -> json.add(variant(m)));
        }
    }

    private static JsonObject head(BenchReport report) {
        Conditions conditions = report.conditions();
        JsonObject head = new JsonObject();
        head.addProperty("schema", SCHEMA);
        head.addProperty("classify", Versions.glint());
        head.addProperty("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.version"));
        conditions.onnxRuntime().ifPresent(version -> head.addProperty("onnxRuntime", version));
        head.add("machine", conditions.machine().toJson());
        head.add("before", conditions.before().toJson());
        head.add("after", conditions.after().toJson());
        head.addProperty("throttled", conditions.after().isThrottledSince(conditions.before()));
        head.addProperty("threads", conditions.threads());
        head.addProperty("warmup", conditions.warmup());
        head.addProperty("runs", conditions.runs());
        head.addProperty("processes", conditions.processes());
        head.addProperty("picture", conditions.picture());
        conditions.testSet().ifPresent(set -> {
            JsonObject json = new JsonObject();
            json.addProperty("name", set.name());
            json.addProperty("sha256", set.sha256());
            json.addProperty("pictures", set.pictures());
            head.add("testSet", json);
        });
        head.add("recommendation", recommendation(report));
        return head;
    }

    private static JsonObject recommendation(BenchReport report) {
        Recommendation recommendation = report.recommendation();
        JsonObject json = new JsonObject();
        json.addProperty("model", recommendation.chosen().variant().name());
        json.addProperty("engine", recommendation.chosen().engine());
        json.addProperty("ortFrom", recommendation.ortFrom());
        json.addProperty("maxDropPoints", report.conditions().maxDropPoints());
        json.addProperty("reason", recommendation.reason());
        JsonArray refusals = new JsonArray();
        recommendation.refusals().forEach(refusals::add);
        json.add("refusals", refusals);
        return json;
    }

    private static JsonObject variant(Measurement m) {
        JsonObject json = new JsonObject();
        json.addProperty("model", m.variant().name());
        json.addProperty("engine", m.engine());
        json.addProperty("sha256", m.variant().sha256());
        json.addProperty("bytes", m.variant().bytes());
        json.addProperty("p50Nanos", m.latency().p50Nanos());
        json.addProperty("p95Nanos", m.latency().p95Nanos());
        json.addProperty("p99Nanos", m.latency().p99Nanos());
        json.addProperty("firstInferenceNanos", m.cold().start().firstInferenceNanos());
        json.addProperty("sessionCreationNanos", m.cold().start().sessionCreationNanos());
        json.addProperty("processNanos", m.cold().processNanos());
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
}
