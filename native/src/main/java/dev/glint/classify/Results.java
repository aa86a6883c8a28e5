package dev.glint.classify;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.glint.console.JsonReport;
import dev.glint.console.Output;
import dev.glint.console.Text;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.model.Prediction;
import dev.glint.runtime.model.Prediction.Candidate;
import java.util.List;

/** What {@code classify} prints, picture by picture. Closing it ends the document. */
sealed interface Results extends AutoCloseable {

    /** A picture was classified. */
    void add(String picture, Prediction prediction);

    /** A picture could not be classified; standard error says why. */
    default void addFailure(String picture, GlintException failure) {}

    /** Something else than a picture failed, and what follows will not be tried. */
    default void cutShort(Throwable failure) {}

    @Override
    void close();

    /**
     * For people. A single picture gives a line per class, {@code label  probability}. Several give a line each,
     * {@code picture  label  probability}, or with more than one class each the picture's name and its classes below.
     */
    final class ForPeople implements Results {
        private static final int WIDEST = 60;
        private final Output out;
        private final int pictures;
        private final int topK;
        private final int nameWidth;
        private final int labelWidth;

        ForPeople(Output out, List<Picture> pictures, List<String> labels, int topK) {
            this.out = out;
            this.pictures = pictures.size();
            this.topK = topK;
            this.nameWidth = width(pictures.stream().map(Picture::name).toList());
            this.labelWidth = width(labels);
        }

        private static int width(List<String> names) {
            return names.stream()
                    .mapToInt(name -> Math.min(WIDEST, name.length()))
                    .max()
                    .orElse(0);
        }

        @Override
        public void add(String picture, Prediction prediction) {
            String name = Text.printable(picture);
            String before = "";
            if (pictures > 1 && topK == 1) {
                before = Text.padded(name, nameWidth) + "  ";
            } else if (pictures > 1) {
                out.line(name);
                before = "  ";
            }
            for (Candidate candidate : prediction.candidates()) {
                String label = Text.padded(Text.printable(candidate.label()), labelWidth);
                out.line(before + label + "  " + Text.rounded(candidate.probability(), 4));
            }
            out.flush();
        }

        @Override
        public void close() {
            out.flush();
        }
    }

    /** For programs: one JSON object. */
    final class Json implements Results {
        private static final int PROBABILITY_DIGITS = 6;
        private final JsonReport report;

        Json(Output out, String model) {
            JsonObject head = new JsonObject();
            head.addProperty("schema", "glint.classify/1");
            head.addProperty("model", model);
            this.report = new JsonReport(out, head, "pictures");
        }

        @Override
        public void add(String picture, Prediction prediction) {
            JsonArray candidates = new JsonArray();
            for (Candidate candidate : prediction.candidates()) {
                JsonObject json = new JsonObject();
                json.addProperty("label", candidate.label());
                json.addProperty("index", candidate.index());
                json.addProperty("probability", Text.rounded(candidate.probability(), PROBABILITY_DIGITS));
                candidates.add(json);
            }
            JsonObject json = new JsonObject();
            json.addProperty("file", picture);
            json.add("candidates", candidates);
            report.add(json);
        }

        @Override
        public void addFailure(String picture, GlintException failure) {
            report.addFailure(picture, failure);
        }

        @Override
        public void cutShort(Throwable failure) {
            report.cutShort(failure);
        }

        @Override
        public void close() {
            report.close();
        }
    }
}
