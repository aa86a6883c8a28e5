package dev.glint.trainer.report;

import com.google.gson.JsonObject;
import dev.glint.trainer.fit.ConfusionMatrix;
import dev.glint.trainer.fit.ConfusionMatrix.ClassMetrics;
import dev.glint.trainer.fit.ConfusionMatrix.Confusion;
import java.util.List;
import java.util.Map;

/** The parts of a run's report about its classes. */
record ClassSections(
        Html html,
        Map<String, JsonObject> charts,
        ConfusionMatrix matrix,
        List<Integer> trainingCounts,
        String judging) {
    /** With more classes the names no longer fit, and the matrix is a picture of a pixel per cell. */
    private static final int NAMED = 50;

    private static final int FEW = 4;
    private static final int CONFUSIONS = 10;

    void confusion() {
        html.raw("<section>\n<h2>Confusion matrix</h2>\n");
        if (matrix.labels().size() <= NAMED) {
            charts.put("confusion", Charts.matrix(matrix));
            html.add("<div class=\"matrix {}\">\n", matrix.labels().size() <= FEW ? "few" : "many")
                    .chart(
                            "confusion",
                            "Confusion matrix as a heat map; the most frequent confusions follow as a table")
                    .raw("</div>\n");
        } else {
            html.raw("<div class=\"pixels\">")
                    .raw(picture().img("confusion matrix, a pixel per pair of classes", 640))
                    .raw("</div>\n<p class=\"hint\">True classes from top to bottom, predicted ones from left to"
                            + " right; the lighter, the larger the share of the true class.</p>\n");
        }
        List<Confusion> confusions = matrix.topConfusions(CONFUSIONS);
        if (!confusions.isEmpty()) {
            html.raw("<h3>Most frequent confusions</h3>\n");
            html.beginTable(List.of("true class", "taken for", "pictures", "share"));
            for (Confusion confusion : confusions) {
                html.row(
                        matrix.labels().get(confusion.label()),
                        List.of(
                                matrix.labels().get(confusion.predicted()),
                                Html.grouped(confusion.count()),
                                Html.percent((double) confusion.count()
                                        / matrix.metrics(confusion.label()).support())));
            }
            html.endTable();
        }
        html.raw("</section>\n");
    }

    private Picture picture() {
        int classes = matrix.labels().size();
        float[] shares = new float[classes * classes];
        for (int label = 0; label < classes; label++) {
            long support = Math.max(1, matrix.metrics(label).support());
            for (int predicted = 0; predicted < classes; predicted++) {
                shares[label * classes + predicted] = (float) matrix.counts()[label][predicted] / support;
            }
        }
        return Picture.heat(shares, classes, classes);
    }

    void metrics() {
        html.raw("<section>\n<h2>Classes</h2>\n");
        html.beginTable(List.of("class", "precision", "recall", "F1", judging + " pictures", "training pictures"));
        for (int label = 0; label < matrix.labels().size(); label++) {
            ClassMetrics metrics = matrix.metrics(label);
            html.row(
                    matrix.labels().get(label),
                    List.of(
                            Html.fixed(metrics.precision(), 4),
                            Html.fixed(metrics.recall(), 4),
                            Html.fixed(metrics.f1(), 4),
                            Html.grouped(metrics.support()),
                            Html.grouped(trainingCounts.get(label))));
        }
        html.endTable();
        html.raw("<p class=\"hint\">Precision: right ones among the pictures taken for the class. Recall: right ones"
                + " among the pictures of the class. F1: the harmonic mean of both. Where nothing can be divided by,"
                + " they are 0.</p>\n</section>\n");
    }
}
