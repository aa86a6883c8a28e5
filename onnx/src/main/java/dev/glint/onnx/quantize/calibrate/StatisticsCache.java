package dev.glint.onnx.quantize.calibrate;

import dev.glint.onnx.graph.OnnxModel;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Asks a measurement only for what it has not said yet of one float model. */
public final class StatisticsCache {
    private final OnnxModel floats;
    private final Measurement measurement;
    private final Map<String, TensorStatistics> known = new HashMap<>();

    public StatisticsCache(OnnxModel floats, Measurement measurement) {
        this.floats = floats;
        this.measurement = measurement;
    }

    /** What is seen of values, in their order. */
    public Map<String, TensorStatistics> statistics(Set<String> values) {
        Set<String> unknown = new LinkedHashSet<>(values);
        unknown.removeAll(known.keySet());
        if (!unknown.isEmpty()) {
            known.putAll(measurement.statistics(floats, unknown));
        }
        Map<String, TensorStatistics> statistics = new LinkedHashMap<>();
        values.forEach(value -> statistics.put(value, known.get(value)));
        return statistics;
    }
}
