package dev.glint.classify.batch;

import dev.glint.console.Output;
import dev.glint.console.Text;
import dev.glint.runtime.model.Prediction;
import dev.glint.runtime.model.Prediction.Candidate;
import java.util.List;

/**
 * For people. A single picture gives a line per class, {@code label  probability}. Several give a line each, {@code picture
 * label  probability}, or with more than one class each the picture's name and its classes below.
 */
final class ResultsForPeople implements Results {
    private static final int WIDEST = 60;
    private final Output out;
    private final boolean several;
    private final int topK;
    private final int nameWidth;
    private final int labelWidth;

    /**
     * Begins them.
     *
     * @param several whether there may be more than one picture
     * @param first the pictures whose names say how wide their column is
     */
    ResultsForPeople(Output out, boolean several, List<Picture> first, List<String> labels, int topK) {
        this.out = out;
        this.several = several;
        this.topK = topK;
        this.nameWidth = width(first.stream().map(Picture::name).toList());
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
        if (several && topK == 1) {
            before = Text.padded(name, nameWidth) + "  ";
        } else if (several) {
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
