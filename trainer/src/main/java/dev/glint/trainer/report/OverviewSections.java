package dev.glint.trainer.report;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.trainer.baseline.BaselineResult;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.fit.EpochMetrics;
import dev.glint.trainer.report.Charts.Unit;
import dev.glint.trainer.run.RunConfig;
import dev.glint.trainer.run.RunFolder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The parts of a run's report about the run as a whole. */
record OverviewSections(
        Html html, Map<String, JsonObject> charts, RunFolder run, List<EpochMetrics> epochs, DataSplit data) {

    void heading(String name, long parameters, Judgement judgement) {
        html.add("<header>\n<p class=\"brand\">Glint run report</p>\n<h1>{}</h1>\n", name);
        html.add(
                "<p class=\"lead\">{} with {} trainable parameters on <code>{}</code>, {} pictures of {} classes</p>\n"
                        + "</header>\n",
                run.config().model().id(),
                Html.grouped(parameters),
                run.config().data(),
                parts(),
                data.labels().size());
        html.raw("<section class=\"cards\" aria-label=\"Key figures\">\n");
        long right = judgement.matrix().correct();
        long total = judgement.matrix().total();
        card(
                judging("accuracy"),
                Html.percent(judgement.matrix().accuracy()),
                Html.grouped(right) + " of " + Html.grouped(total));
        card(judging("loss"), Html.fixed(judgement.loss(), 4), "cross entropy");
        card("Macro F1", Html.fixed(judgement.matrix().macroF1(), 4), "mean over classes");
        card(
                "Best epoch",
                bestEpoch() + " of " + epochs.size(),
                run.config().recipe().epochs() + " planned");
        card("Fit time", Html.duration(seconds()), "with judging");
        card("Speed", Html.grouped(Math.round(imagesPerSecond())) + "/s", "training pictures");
        html.raw("</section>\n");
    }

    private String parts() {
        String parts = Html.grouped(data.train().size()) + " training";
        String heldOut = Html.grouped(data.heldOut().size()) + " held-out";
        return data.separateTest()
                ? parts + ", " + heldOut + " and " + Html.grouped(data.test().size()) + " test"
                : parts + " and " + heldOut;
    }

    private String judging(String figure) {
        return (data.separateTest() ? "Test " : "Held-out ") + figure;
    }

    private void card(String name, String value, String note) {
        html.add(
                "<div class=\"card\"><div class=\"name\">{}</div><div class=\"value\">{}</div>"
                        + "<div class=\"note\">{}</div></div>\n",
                name,
                value,
                note);
    }

    void curves() {
        double[] x = epochs.stream().mapToDouble(EpochMetrics::epoch).toArray();
        html.raw("<section>\n<h2>Curves</h2>\n<div class=\"charts\">\n");
        curve(
                "loss",
                "Loss",
                Charts.lines(
                        "epoch",
                        x,
                        false,
                        Unit.NUMBER,
                        bestEpoch(),
                        Charts.line("training", epochs, epoch -> epoch.train().loss()),
                        Charts.line("held-out", epochs, epoch -> epoch.heldOut().loss())));
        curve(
                "accuracy",
                "Accuracy",
                Charts.lines(
                        "epoch",
                        x,
                        false,
                        Unit.PERCENT,
                        bestEpoch(),
                        Charts.line("training", epochs, epoch -> epoch.train().accuracy()),
                        Charts.line("held-out", epochs, epoch -> epoch.heldOut().accuracy())));
        curve(
                "learning-rate",
                "Learning rate",
                Charts.lines(
                        "epoch",
                        x,
                        false,
                        Unit.RATE,
                        Double.NaN,
                        Charts.line("learning rate", epochs, EpochMetrics::learningRate)));
        html.raw("</div>\n");
        if (data.separateTest()) {
            html.add(
                    "<p class=\"hint\">The {} held-out pictures judged the epochs and so chose the best one. The {} test"
                            + " pictures had no part in that; every other figure on this page is about them.</p>\n",
                    Html.grouped(data.heldOut().size()),
                    Html.grouped(data.test().size()));
        }
        html.raw("<p class=\"hint\">Training figures are those of the pictures as they went by, augmented and"
                + " while the weights changed; the learning rate is that of an epoch's last step. The dashed line"
                + " marks the best epoch, whose weights everything below is about.</p>\n</section>\n");
    }

    private void curve(String name, String title, JsonObject chart) {
        charts.put(name, chart);
        html.add("<figure>\n<figcaption>{}</figcaption>\n", title)
                .chart(name, title + " over the epochs; the numbers are in the table under Timing")
                .raw("</figure>\n");
    }

    void baselines(Judgement judgement, List<BaselineResult> results) {
        RunConfig config = run.config();
        List<BaselineResult> same = results.stream()
                .filter(result -> result.comparableTo(config, data))
                .toList();
        List<BaselineResult> others = results.stream()
                .filter(result -> result.sameData(config) && !same.contains(result))
                .toList();
        if (same.isEmpty() && others.isEmpty()) {
            return;
        }
        html.raw("<section>\n<h2>Baselines</h2>\n");
        html.beginTable(List.of("classifier", data.judging() + " accuracy", "training pictures", "fit time"));
        html.row(
                run.config().model().id() + " (this run)",
                List.of(
                        Html.percent(judgement.matrix().accuracy()),
                        Html.grouped(data.train().size()),
                        Html.duration(seconds())));
        for (BaselineResult result : same) {
            html.row(
                    result.name(),
                    List.of(
                            Html.percent(result.accuracy()),
                            Html.grouped(result.trainPictures()),
                            Html.duration(result.seconds())));
        }
        html.endTable();
        html.raw("<p class=\"hint\">Simple classifiers that <code>trainer baseline</code> fitted to the same data set;"
                + " their folders are beside this run's.</p>\n");
        for (BaselineResult other : others) {
            html.add(
                    "<p class=\"hint\">Not shown: {}, which other pictures have judged ({} of them, seed {}).</p>\n",
                    other.name(),
                    Html.grouped(other.heldOutPictures()),
                    Long.toString(other.seed()));
        }
        html.raw("</section>\n");
    }

    void timing() {
        html.raw("<section>\n<h2>Timing</h2>\n");
        html.add(
                "<p>{} in all: {} of training at {} pictures a second, {} of judging.</p>\n",
                Html.duration(seconds()),
                Html.duration(seconds() - evaluateSeconds()),
                Html.grouped(Math.round(imagesPerSecond())),
                Html.duration(evaluateSeconds()));
        html.raw("<details>\n<summary>Every epoch</summary>\n")
                .beginTable(List.of(
                        "epoch",
                        "training loss",
                        "training accuracy",
                        "held-out loss",
                        "held-out accuracy",
                        "learning rate",
                        "training",
                        "judging",
                        "pictures/s"));
        for (EpochMetrics epoch : epochs) {
            html.row(
                    Integer.toString(epoch.epoch()),
                    List.of(
                            Html.fixed(epoch.train().loss(), 4),
                            Html.percent(epoch.train().accuracy()),
                            Html.fixed(epoch.heldOut().loss(), 4),
                            Html.percent(epoch.heldOut().accuracy()),
                            String.format(Locale.ROOT, "%.3g", epoch.learningRate()),
                            Html.duration(epoch.trainNanos() / 1e9),
                            Html.duration(epoch.evaluateNanos() / 1e9),
                            Html.grouped(Math.round(1e9 * data.train().size() / epoch.trainNanos()))));
        }
        html.endTable().raw("</details>\n</section>\n");
    }

    void settings() {
        html.raw("<section>\n<h2>Settings</h2>\n<dl class=\"settings\">\n");
        // The configuration as it is, so that a setting that is new shows without a change here.
        flatten("", JsonParser.parseString(run.config().toJson()));
        html.raw("</dl>\n<h3>Preprocessing</h3>\n<dl class=\"settings\">\n");
        JsonObject contract = JsonParser.parseString(run.contract().toJson()).getAsJsonObject();
        contract.remove("labels");
        flatten("", contract);
        html.raw("</dl>\n</section>\n");
    }

    private void flatten(String name, JsonElement value) {
        if (value.isJsonObject()) {
            value.getAsJsonObject()
                    .asMap()
                    .forEach((key, child) -> flatten(name.isEmpty() ? key : name + "." + key, child));
            return;
        }
        html.add("<div><dt>{}</dt><dd>{}</dd></div>\n", name, text(value));
    }

    private static String text(JsonElement value) {
        if (value.isJsonNull()) {
            return "none";
        }
        if (value.isJsonArray()) {
            return value.getAsJsonArray().asList().stream()
                    .map(OverviewSections::text)
                    .collect(Collectors.joining(", "));
        }
        if (value.isJsonObject()) {
            return value.getAsJsonObject().asMap().values().stream()
                    .map(OverviewSections::text)
                    .collect(Collectors.joining(" "));
        }
        return value.getAsJsonPrimitive().isNumber()
                ? value.getAsBigDecimal().stripTrailingZeros().toPlainString()
                : value.getAsString();
    }

    private int bestEpoch() {
        return EpochMetrics.best(epochs).epoch();
    }

    private double seconds() {
        return epochs.stream().mapToDouble(EpochMetrics::seconds).sum();
    }

    private double evaluateSeconds() {
        return epochs.stream().mapToDouble(epoch -> epoch.evaluateNanos() / 1e9).sum();
    }

    private double imagesPerSecond() {
        double training =
                epochs.stream().mapToDouble(epoch -> epoch.trainNanos() / 1e9).sum();
        return (double) data.train().size() * epochs.size() / training;
    }
}
