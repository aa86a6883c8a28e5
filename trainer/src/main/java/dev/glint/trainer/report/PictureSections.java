package dev.glint.trainer.report;

import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.image.Image;
import dev.glint.trainer.fit.ConfusionMatrix;
import dev.glint.trainer.report.Judgement.Answer;
import java.io.File;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The parts of a run's report that are pictures.
 *
 * @param judging what the pictures are called that judge the run
 * @param pictures those
 */
record PictureSections(Html html, List<String> labels, String judging, PictureSet pictures) {
    private static final int MISTAKE_SIDE = 128;
    private static final int FILTER_SIDE = 40;
    private static final int MAP_SIDE = 64;

    void mistakes(List<Answer> mistakes, ConfusionMatrix matrix, IntFunction<Image> pixels) {
        html.raw("<section>\n<h2>Most confident mistakes</h2>\n");
        if (mistakes.isEmpty()) {
            html.add("<p>None: every {} picture is classified right.</p>\n</section>\n", judging);
            return;
        }
        html.raw("<div class=\"mistakes\">\n");
        for (Answer mistake : mistakes) {
            String truth = labels.get(mistake.label());
            String predicted = labels.get(mistake.predicted());
            html.raw("<figure>")
                    .raw(Picture.encode(pixels.apply(mistake.picture()))
                            .img("a picture of " + truth + " taken for " + predicted, MISTAKE_SIDE))
                    .add(
                            "<figcaption><b>{}</b> <span class=\"probability\">{}</span><br>in truth {}<br>"
                                    + "<span class=\"place\" title=\"{}\">{}</span></figcaption></figure>\n",
                            predicted,
                            Html.percent(mistake.probability()),
                            truth,
                            pictures.name(mistake.picture()),
                            shortName(mistake.picture()));
        }
        html.add(
                "</div>\n<p class=\"hint\">{} of {} mistakes among the {} pictures, the surest first: pixels as"
                        + " the model saw them, the probability it gave to the wrong class, the picture's file, or its"
                        + " place in the set.</p>\n</section>\n",
                mistakes.size(),
                Html.grouped(matrix.total() - matrix.correct()),
                judging);
    }

    /** A file with its folder, which is its class; the whole path is long. */
    private String shortName(int picture) {
        String name = pictures.name(picture);
        int file = name.lastIndexOf(File.separatorChar);
        return name.substring(name.lastIndexOf(File.separatorChar, file - 1) + 1);
    }

    void filters(FilterTiles filters) {
        if (filters.tiles().isEmpty()) {
            return;
        }
        html.raw("<section>\n<h2>First layer</h2>\n<div class=\"tiles\">\n");
        for (int i = 0; i < filters.tiles().size(); i++) {
            html.raw(filters.tiles().get(i).img("filter " + i, FILTER_SIDE)).raw("\n");
        }
        html.add(
                "</div>\n<p class=\"hint\">{} of the {} filters in <code>{}</code>. Middle gray is a weight of 0; each"
                        + " filter is scaled by its own largest weight.</p>\n</section>\n",
                filters.tiles().size(),
                Html.grouped(filters.total()),
                filters.parameter());
    }

    void featureMaps(Answer answer, Image pixels, List<FeatureMaps.Layer> layers) {
        if (layers.isEmpty()) {
            return;
        }
        html.raw("<section>\n<h2>Feature maps</h2>\n<div class=\"seen\">")
                .raw(Picture.encode(pixels).img("the picture", MISTAKE_SIDE))
                .add(
                        "<p><span title=\"{}\">{}</span>, a {} one, in truth <b>{}</b>, classified as <b>{}</b> ({}).</p>"
                                + "</div>\n<details class=\"fold\" open>\n<summary>Layer by layer</summary>\n",
                        pictures.name(answer.picture()),
                        shortName(answer.picture()),
                        judging,
                        labels.get(answer.label()),
                        labels.get(answer.predicted()),
                        Html.percent(answer.probability()));
        for (FeatureMaps.Layer layer : layers) {
            html.add(
                    "<h3><code>{}</code> {} <small>{} channels of {}x{}{}</small></h3>\n<div class=\"tiles maps\">\n",
                    layer.name(),
                    layer.kind(),
                    Html.grouped(layer.channels()),
                    layer.width(),
                    layer.height(),
                    layer.channels() > layer.maps().size()
                            ? ", the first " + layer.maps().size()
                            : "");
            for (int i = 0; i < layer.maps().size(); i++) {
                html.raw(layer.maps().get(i).img("channel " + i, MAP_SIDE)).raw("\n");
            }
            html.raw("</div>\n");
        }
        html.raw(
                "</details>\n<p class=\"hint\">Each map runs from its own lowest value (dark) to its own highest (light).</p>\n"
                        + "</section>\n");
    }
}
