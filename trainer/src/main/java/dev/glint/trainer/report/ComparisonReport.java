package dev.glint.trainer.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.glint.runtime.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Things that were measured on one or more machines, beside each other: points of accuracy over latency, and a table. One HTML
 * file that needs no network.
 *
 * @param title what is compared
 * @param lead one sentence below it
 * @param machines one section each
 * @param hint how the figures came about
 */
public record ComparisonReport(String title, String lead, List<Machine> machines, String hint) {
    private static final String CHART = "accuracy-over-latency";

    /**
     * What was measured on one machine.
     *
     * @param name what people call it
     * @param notes what its figures depend on, a sentence each
     * @param points those with an accuracy
     * @param columns of the table, the first being names
     * @param rows as long as the columns
     */
    public record Machine(
            String name, List<String> notes, List<Point> points, List<String> columns, List<List<String>> rows) {}

    /**
     * A point of the plot.
     *
     * @param name what it is called
     * @param milliseconds the median latency
     * @param share the accuracy, 0 to 1
     * @param low where the accuracy lies at least
     * @param high where it lies at most
     */
    public record Point(String name, double milliseconds, double share, double low, double high) {}

    /** Writes the page. */
    public void write(Path file) throws IOException {
        Html html = new Html()
                .raw("<header>\n<p class=\"brand\">Glint bench</p>\n")
                .add("<h1>{}</h1>\n<p class=\"lead\">{}</p>\n</header>\n", title, lead);
        boolean plotted =
                machines.stream().anyMatch(machine -> !machine.points().isEmpty());
        if (plotted) {
            html.raw("<section>\n<h2>Accuracy over latency</h2>\n<div class=\"large\">\n")
                    .chart(CHART, "Accuracy over latency of each variant")
                    .raw("</div>\n");
            key(html);
            html.raw(
                            "<p class=\"hint\">Further left is faster, further up is more accurate; the bars are 95 % intervals.")
                    .raw("</p>\n</section>\n");
        }
        for (Machine machine : machines) {
            html.add("<section>\n<h2>{}</h2>\n", machine.name()).beginTable(machine.columns());
            machine.rows().forEach(row -> html.row(row.get(0), row.subList(1, row.size())));
            html.endTable();
            machine.notes().forEach(note -> html.add("<p class=\"hint\">{}</p>\n", note));
            html.raw("</section>\n");
        }
        html.add("<p class=\"hint\">{}</p>\n", hint);
        AtomicFile.write(file, Page.render(title, html, plotted ? Map.of(CHART, chart()) : Map.of()));
    }

    /** What the numbers are that stand in the plot for names where there is no room for these. */
    private void key(Html html) {
        html.raw("<ol class=\"key\">\n");
        for (Machine machine : machines) {
            machine.points().forEach(point -> html.add("<li>{}</li>\n", point.name()));
        }
        html.raw("</ol>\n");
    }

    private JsonObject chart() {
        JsonObject chart = new JsonObject();
        chart.addProperty("type", "points");
        chart.addProperty("xName", "ms per picture (median)");
        JsonArray series = new JsonArray();
        for (Machine machine : machines) {
            if (machine.points().isEmpty()) {
                continue;
            }
            JsonArray points = new JsonArray();
            for (Point point : machine.points()) {
                JsonObject json = new JsonObject();
                json.addProperty("name", point.name());
                JsonArray values = new JsonArray();
                for (double value : new double[] {point.milliseconds(), point.share(), point.low(), point.high()}) {
                    values.add(Charts.number(value));
                }
                json.add("value", values);
                points.add(json);
            }
            JsonObject json = new JsonObject();
            json.addProperty("name", machine.name());
            json.add("points", points);
            series.add(json);
        }
        chart.add("series", series);
        return chart;
    }
}
