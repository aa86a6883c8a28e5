package dev.glint.classify.bench;

import dev.glint.console.Output;
import dev.glint.console.Text;
import dev.glint.console.machine.Machine;
import dev.glint.console.machine.MachineState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@code classify bench} prints.
 *
 * @param conditions what the figures depend on
 * @param measurements one per variant and engine
 * @param recommendation what to run here
 */
public record BenchReport(Conditions conditions, List<Measurement> measurements, Recommendation recommendation) {

    /**
     * What the figures depend on.
     *
     * @param onnxRuntime its version, where it was used
     * @param threads for one picture
     * @param picture its file name, or the size of the synthetic one
     * @param testSet what accuracy was measured with
     * @param maxDropPoints of accuracy that may be lost
     * @param before the measurement
     * @param after it
     */
    record Conditions(
            Optional<String> onnxRuntime,
            int threads,
            int warmup,
            int runs,
            int processes,
            String picture,
            Optional<TestSetFacts> testSet,
            double maxDropPoints,
            Machine machine,
            MachineState before,
            MachineState after) {}

    /** What tells a test set from others. */
    record TestSetFacts(String name, String sha256, int pictures) {}

    /** The model file that is recommended. */
    public Path recommendedFile() {
        return recommendation.chosen().variant().file();
    }

    /** From how many pictures in one process on ONNX Runtime should run it: 0 if always, {@link Long#MAX_VALUE} if never. */
    public long ortFrom() {
        return recommendation.ortFrom();
    }

    /** Why, for people. */
    public String reason() {
        return recommendation.reason();
    }

    /** A table, what to run here, and lines that say how the figures came about. */
    public void printForPeople(Output out) {
        boolean engines = hasSeveralEngines();
        boolean accuracy = measurements.stream().anyMatch(m -> m.accuracy().isPresent());
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("variant"));
        if (engines) {
            head.add("engine");
        }
        head.addAll(List.of("bytes", "p50", "p95", "p99", "first", "session", "process", "memory", "speed-up"));
        if (accuracy) {
            head.add("accuracy");
        }
        rows.add(head);
        measurements.forEach(m -> rows.add(row(m, engines, accuracy)));
        Text.table(rows).forEach(out::line);
        out.line("");
        out.line("Best here is " + recommendation.reason() + ".");
        recommendation.engines().ifPresent(out::line);
        recommendation.refusals().forEach(out::line);
        out.line("");
        out.line("Tensor to logits in ms: " + conditions.picture() + ", threads " + conditions.threads() + ", "
                + conditions.runs() + " runs after " + conditions.warmup() + ", variants in turns.");
        out.line("First inference, session creation, whole process in ms and peak memory: median of "
                + conditions.processes() + " fresh processes."
                + conditions.onnxRuntime().map(v -> " ONNX Runtime " + v + ".").orElse(""));
        doubts().forEach(out::line);
        out.flush();
    }

    private static List<String> row(Measurement m, boolean engines, boolean accuracy) {
        List<String> row = new ArrayList<>(List.of(Text.printable(m.variant().name())));
        if (engines) {
            row.add(m.engine());
        }
        row.addAll(List.of(
                Long.toString(m.variant().bytes()),
                millis(m.latency().p50Nanos()),
                millis(m.latency().p95Nanos()),
                millis(m.latency().p99Nanos()),
                millis(m.cold().start().firstInferenceNanos()),
                millis(m.cold().start().sessionCreationNanos()),
                millis(m.cold().processNanos()),
                m.cold().peakResidentBytes().isPresent()
                        ? Text.rounded(m.cold().peakResidentBytes().getAsLong() / 1e6, 1) + " MB"
                        : "-",
                m.speedUp().isPresent() ? Text.rounded(m.speedUp().getAsDouble(), 2) + "x" : "-"));
        if (accuracy) {
            row.add(m.accuracy()
                    .map(a -> Text.rounded(100 * a.share(), 2) + " %")
                    .orElse("-"));
        }
        return row;
    }

    /** What makes the figures worse than the machine is. */
    private List<String> doubts() {
        List<String> doubts = new ArrayList<>();
        double load = conditions.before().load().orElse(0);
        if (load > conditions.machine().processors()) {
            doubts.add("The machine was busy (load " + Text.rounded(load, 1) + " on "
                    + conditions.machine().processors() + " processors): trust the ratios.");
        }
        if (conditions.after().isThrottledSince(conditions.before())) {
            doubts.add("The processor was slowed down for heat or voltage meanwhile: cool it and measure again.");
        }
        return doubts;
    }

    boolean hasSeveralEngines() {
        return measurements.stream().map(Measurement::engine).distinct().count() > 1;
    }

    /** The same as one JSON object. */
    public void printJson(Output out) {
        BenchJson.print(this, out);
    }

    private static String millis(long nanos) {
        return Text.rounded(nanos / 1e6, nanos < 1_000_000 ? 3 : 2).toString();
    }
}
