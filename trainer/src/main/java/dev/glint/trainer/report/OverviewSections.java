package dev.glint.trainer.report;

import com.google.gson.JsonObject;
import dev.glint.trainer.baseline.BaselineResult;
import dev.glint.trainer.data.BatchPlan;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.data.SplitReview;
import dev.glint.trainer.fit.EpochMetrics;
import dev.glint.trainer.fit.PhaseSpan;
import dev.glint.trainer.recipe.Recipe;
import dev.glint.trainer.report.Charts.Line;
import dev.glint.trainer.report.Charts.Unit;
import dev.glint.trainer.run.RunConfig;
import dev.glint.trainer.run.RunFolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** The parts of a run's report about the run as a whole. */
record OverviewSections(
        Html html,
        Map<String, JsonObject> charts,
        RunFolder run,
        List<EpochMetrics> epochs,
        DataSplit data,
        SplitReview review) {
    /** A line through more points looks no different. */
    private static final int RATE_POINTS = 400;

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
                Html.grouped(right) + " of " + Html.grouped(total) + " (" + WilsonInterval.estimate(right, total)
                        + ")");
        card(judging("loss"), Html.fixed(judgement.loss(), 4), "cross entropy");
        card("Macro F1", Html.fixed(judgement.matrix().macroF1(), 4), "mean over classes");
        card(
                "Best epoch",
                bestEpoch() + " of " + epochs.size(),
                run.config().recipe().epochs() + " planned");
        card("Fit time", Html.duration(seconds()), "with judging");
        card("Speed", Html.grouped(Math.round(imagesPerSecond())) + "/s", "training pictures");
        html.raw("</section>\n");
        judges(WilsonInterval.estimate(right, total));
    }

    /** Which pictures the accuracy is about, and what speaks against it. */
    private void judges(WilsonInterval interval) {
        html.raw("<section class=\"judges\">\n");
        if (review.separateTest()) {
            html.add(
                    "<p>The {} held-out pictures judged the epochs and so chose the best one. The {} test pictures had no part"
                            + " in that; the accuracy is about them, as is every other figure on this page.</p>\n",
                    Html.grouped(data.heldOut().size()),
                    Html.grouped(data.test().size()));
        } else {
            html.add(
                    "<p>The {} held-out pictures judged the finished model, and also chose its epoch: with new pictures expect"
                            + " a little less. <code>--validation 0.1</code> lets a tenth of the training pictures choose"
                            + " instead.</p>\n",
                    Html.grouped(data.heldOut().size()));
        }
        html.add(
                "<p>By so many pictures an accuracy is known no better than this: with a confidence of 95 % it is {} (Wilson"
                        + " interval).</p>\n",
                interval);
        review.warnings().forEach(warning -> html.add("<p class=\"warning\">Note: {}.</p>\n", warning));
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
                "Cross entropy",
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
        curve("learning-rate", "Learning rate", learningRates());
        html.raw("</div>\n");
        html.add(
                "<p class=\"hint\">Training figures are those of the pictures as they went by, augmented and while the weights"
                        + " changed. The dashed line marks the best epoch, whose weights everything below is about.{}{}</p>\n"
                        + "</section>\n",
                objective(),
                frozenEpochs() == 0
                        ? ""
                        : " In the first " + frozenEpochs()
                                + " epochs, up to the dashed line of the learning rate, only the"
                                + " head was fitted; then everything was, with the schedule from its beginning.");
    }

    /** The learning rate of each step, over the epochs that were done before it. */
    private JsonObject learningRates() {
        Recipe recipe = run.config().recipe();
        int stepsPerEpoch = new BatchPlan(data.train().size(), recipe.batchSize()).batches();
        int steps = Math.multiplyExact(stepsPerEpoch, epochs.size());
        // The last step of each epoch is shown whatever is left out.
        int stride = Math.max(1, steps / RATE_POINTS);
        int[] shown = IntStream.range(0, steps)
                .filter(step -> step % stride == 0 || (step + 1) % stepsPerEpoch == 0)
                .toArray();
        double[] x = IntStream.of(shown)
                .mapToDouble(step -> (double) step / stepsPerEpoch)
                .toArray();
        double[] rates = IntStream.of(shown)
                .mapToDouble(step -> {
                    PhaseSpan span = PhaseSpan.containing(recipe, step / stepsPerEpoch + 1);
                    long first = (long) (span.firstEpoch() - 1) * stepsPerEpoch;
                    return span.schedule(recipe, stepsPerEpoch).rate(step - first);
                })
                .toArray();
        boolean marked = frozenEpochs() > 0 && frozenEpochs() < epochs.size();
        return Charts.lines(
                "epoch", x, false, Unit.RATE, marked ? frozenEpochs() : Double.NaN, new Line("learning rate", rates));
    }

    private int frozenEpochs() {
        return run.config().recipe().fineTuning().frozenEpochs();
    }

    /** What was minimized, if that is not the cross entropy that is shown. */
    private String objective() {
        Recipe recipe = run.config().recipe();
        List<String> changes = new ArrayList<>();
        if (recipe.labelSmoothing() > 0) {
            changes.add("smooths labels by " + recipe.labelSmoothing());
        }
        if (data.weighted()) {
            changes.add("weighs classes");
        }
        if (!recipe.augmentations().ofPairs().isEmpty()) {
            changes.add("mixes pictures and their labels");
        }
        return changes.isEmpty()
                ? ""
                : " The cross entropy is that of the answers with the pictures' own labels; what the fit minimized "
                        + String.join(" and ", changes) + ", and is another number.";
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
                        "training cross entropy",
                        "training accuracy",
                        "held-out cross entropy",
                        "held-out accuracy",
                        "learning rate at its end",
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
