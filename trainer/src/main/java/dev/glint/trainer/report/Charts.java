package dev.glint.trainer.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.glint.trainer.fit.ConfusionMatrix;
import dev.glint.trainer.fit.EpochMetrics;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What {@code report.js} draws, as the JSON that it reads. */
final class Charts {
    private Charts() {}

    /** How a chart writes its values. */
    enum Unit {
        NUMBER,
        PERCENT,
        RATE
    }

    /** A line through points; x need not be evenly spaced. */
    record Line(String name, double[] values) {}

    /**
     * Lines over common x values.
     *
     * @param logarithmicX whether equal factors of x are equally far apart
     * @param mark an x value to point out, not finite for none
     */
    static JsonObject lines(String xName, double[] x, boolean logarithmicX, Unit unit, double mark, Line... lines) {
        JsonObject chart = new JsonObject();
        chart.addProperty("type", "lines");
        chart.addProperty("xName", xName);
        chart.addProperty("logarithmicX", logarithmicX);
        chart.addProperty("unit", unit.name());
        if (Double.isFinite(mark)) {
            chart.addProperty("mark", mark);
        }
        JsonArray series = new JsonArray();
        for (Line line : lines) {
            JsonArray points = new JsonArray();
            for (int i = 0; i < x.length; i++) {
                JsonArray point = new JsonArray(2);
                point.add(x[i]);
                point.add(number(line.values()[i]));
                points.add(point);
            }
            JsonObject json = new JsonObject();
            json.addProperty("name", line.name());
            json.add("points", points);
            series.add(json);
        }
        chart.add("series", series);
        return chart;
    }

    /** A line over the epochs. */
    static Line line(String name, List<EpochMetrics> epochs, ToDoubleFunction<EpochMetrics> value) {
        return new Line(name, epochs.stream().mapToDouble(value).toArray());
    }

    /** A heat map of a confusion matrix, each cell with its count and its share of the true class. */
    static JsonObject matrix(ConfusionMatrix matrix) {
        JsonObject chart = new JsonObject();
        chart.addProperty("type", "matrix");
        JsonArray labels = new JsonArray();
        matrix.labels().forEach(labels::add);
        chart.add("labels", labels);
        JsonArray cells = new JsonArray();
        int[][] counts = matrix.counts();
        for (int label = 0; label < counts.length; label++) {
            double support = Math.max(1, matrix.metrics(label).support());
            for (int predicted = 0; predicted < counts.length; predicted++) {
                JsonArray cell = new JsonArray(4);
                cell.add(predicted);
                cell.add(label);
                cell.add(counts[label][predicted]);
                cell.add(number(counts[label][predicted] / support));
                cells.add(cell);
            }
        }
        chart.add("cells", cells);
        return chart;
    }

    /** Six digits are more than a chart can show; what is no finite number, JSON cannot say, and leaves a gap. */
    static JsonElement number(double value) {
        return Double.isFinite(value)
                ? new JsonPrimitive(Double.parseDouble(String.format(Locale.ROOT, "%.6g", value)))
                : JsonNull.INSTANCE;
    }
}
