package dev.glint.classify.serve;

import dev.glint.runtime.drift.DriftReport.Level;
import dev.glint.runtime.drift.DriftReport.Statistic;
import dev.glint.runtime.model.Prediction;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * What a server tells Prometheus. Paths are those of {@link Route}, labels those of its models, so that no client can make
 * new series. Safe for use by several threads.
 */
final class ServerMetrics {
    private static final String OTHER_PATHS = "other";
    private static final Path STATUS = Path.of("/proc/self/status");

    /** A millisecond to ten seconds. */
    private static final double[] SECONDS = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Counter requests = Counter.builder()
            .name("glint_http_requests_total")
            .help("Requests that were answered.")
            .labelNames("path", "status")
            .withoutExemplars()
            .register(registry);
    private final Histogram durations = Histogram.builder()
            .name("glint_classify_duration_seconds")
            .help("From the headers of a request for /classify to its answer.")
            .classicOnly()
            .classicUpperBounds(SECONDS)
            .withoutExemplars()
            .register(registry);
    private final Counter predictions = Counter.builder()
            .name("glint_predictions_total")
            .help("Pictures by their most probable label.")
            .labelNames("label")
            .withoutExemplars()
            .register(registry);
    private final Counter exchanges = Counter.builder()
            .name("glint_model_exchanges_total")
            .help("Models that took the place of another one, or were refused.")
            .labelNames("result")
            .withoutExemplars()
            .register(registry);

    private final Info modelInfo = Info.builder()
            .name("glint_model_info")
            .help("The model that answers.")
            .labelNames("model", "engine")
            .register(registry);
    private final Supplier<ServedModel> model;

    /**
     * @param model the one that answers at the moment
     * @param queue pictures that wait
     */
    ServerMetrics(Supplier<ServedModel> model, IntSupplier queue) {
        this.model = model;
        gauge("glint_queue_pictures", "Pictures that wait for a worker.")
                .callback(gauge -> gauge.call(queue.getAsInt()))
                .register(registry);
        drift(
                "glint_drift_psi",
                "Population stability index against the model's baseline.",
                statistic -> OptionalDouble.of(statistic.psi()));
        drift("glint_drift_ks", "Kolmogorov-Smirnov distance from the model's baseline.", Statistic::ks);
        drift(
                "glint_drift_level",
                "0 stable, 1 moderate, 2 drift.",
                statistic -> OptionalDouble.of(severity(statistic.level())));
        gauge("glint_drift_pictures", "Pictures that are held against the baseline.")
                .callback(gauge -> model.get().drift().ifPresent(report -> gauge.call((double) report.seenPictures())))
                .register(registry);
        gauge("process_resident_memory_bytes", "Resident memory.")
                .unit(Unit.BYTES)
                .callback(gauge -> residentBytes().ifPresent(gauge::call))
                .register(registry);
    }

    private static int severity(Level level) {
        return switch (level) {
            case STABLE -> 0;
            case MODERATE -> 1;
            case DRIFT -> 2;
        };
    }

    /** A figure of each statistic of drift; none where the model carries no baseline. */
    private void drift(String name, String help, Function<Statistic, OptionalDouble> figure) {
        gauge(name, help)
                .labelNames("statistic")
                .callback(gauge -> model.get()
                        .drift()
                        .ifPresent(report -> report.statistics()
                                .forEach(statistic -> figure.apply(statistic)
                                        .ifPresent(value -> gauge.call(value, statistic.name())))))
                .register(registry);
    }

    private static GaugeWithCallback.Builder gauge(String name, String help) {
        return GaugeWithCallback.builder().name(name).help(help);
    }

    /** Linux counts in KiB, which it calls kB. */
    private static OptionalLong residentBytes() {
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** A request has its answer. */
    void answered(Optional<Route> route, int status, long nanos) {
        String path = route.map(Route::path).orElse(OTHER_PATHS);
        requests.labelValues(path, Integer.toString(status)).inc();
        if (path.equals(Route.CLASSIFY.path())) {
            durations.observe(nanos / 1e9);
        }
    }

    /** A picture was classified. */
    void predicted(Prediction prediction) {
        predictions.labelValues(prediction.top().label()).inc();
    }

    /** A model took the place of another one, or was refused. */
    void exchanged(boolean taken) {
        exchanges.labelValues(taken ? "taken" : "refused").inc();
    }

    /** All of it, in the text format of Prometheus, version 0.0.4. */
    Answer answer() {
        ServedModel current = model.get();
        modelInfo.setLabelValues(current.name(), current.model().engine().name());
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.builder().build();
        try {
            writer.write(text, registry.scrape());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return new Answer(200, writer.getContentType(), text.toByteArray(), Map.of());
    }
}
