package dev.glint.trainer.report;

import dev.glint.runtime.file.AtomicFile;
import dev.glint.trainer.fit.RangeTest;
import dev.glint.trainer.fit.RangeTest.Point;
import dev.glint.trainer.report.Charts.Line;
import dev.glint.trainer.report.Charts.Unit;
import dev.glint.trainer.run.RunConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** The plot of a learning rate range test: one HTML file that needs no network. */
public final class RangeTestReport {
    private static final String CHART = "range";

    private RangeTestReport() {}

    /** Writes the page. */
    public static void write(Path file, RunConfig config, RangeTest test) throws IOException {
        double[] rates = test.points().stream().mapToDouble(Point::learningRate).toArray();
        double[] losses = test.points().stream().mapToDouble(Point::loss).toArray();
        String title = "Learning rate of " + config.model().id();
        Html html = new Html()
                .raw("<header>\n<p class=\"brand\">Glint learning rate range test</p>\n")
                .add("<h1>{}</h1>\n", title)
                .add(
                        "<p class=\"lead\">on <code>{}</code>, {} in batches of {}, seed {}</p>\n</header>\n",
                        config.data(),
                        config.recipe().optimizer().kind(),
                        config.recipe().batchSize(),
                        config.seed())
                .raw("<section>\n<h2>Loss over learning rate</h2>\n<div class=\"large\">\n")
                .chart(CHART, "Loss over learning rate")
                .raw("</div>\n")
                .add(
                        "<p>Suggested highest learning rate: <b>{}</b>, at which the smoothed loss falls most steeply; it is lowest at"
                                + " {}.</p>\n",
                        rate(test.suggestion()),
                        rate(test.limit()))
                .add(
                        "<p class=\"hint\">{} steps, each with a learning rate larger by the same factor than the one"
                                + " before it (Smith, 2017). The dashed line marks the suggestion.</p>\n</section>\n",
                        test.points().size());
        AtomicFile.write(
                file,
                Page.render(
                        title,
                        html,
                        Map.of(
                                CHART,
                                Charts.lines(
                                        "learning rate",
                                        rates,
                                        true,
                                        Unit.NUMBER,
                                        test.suggestion(),
                                        new Line("smoothed loss", test.smoothed()),
                                        new Line("loss of the batch", losses)))));
    }

    /** A learning rate as people write it. */
    public static String rate(double rate) {
        return String.format(Locale.ROOT, "%.2g", rate);
    }
}
