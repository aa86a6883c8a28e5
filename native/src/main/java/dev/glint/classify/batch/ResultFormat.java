package dev.glint.classify.batch;

import dev.glint.console.Output;
import java.util.List;

/** The forms in which answers are printed. */
public enum ResultFormat {
    /** Aligned text. */
    FOR_PEOPLE {
        @Override
        public Results open(Output out, Head head) {
            return new ResultsForPeople(out, head.several(), head.first(), head.labels(), head.topK());
        }
    },
    /** One JSON object. */
    JSON {
        @Override
        public Results open(Output out, Head head) {
            return new JsonResults(out, head.model());
        }
    },
    /** A JSON object per picture. */
    JSON_LINES {
        @Override
        public Results open(Output out, Head head) {
            return new JsonLinesResults(out);
        }
    },
    /** Lines of comma-separated values. */
    CSV {
        @Override
        public Results open(Output out, Head head) {
            return new CsvResults(out);
        }
    };

    /**
     * What is known before the first answer.
     *
     * @param model the file's name
     * @param labels the model's
     * @param topK how many classes are printed at most
     * @param several whether there may be more than one picture
     * @param first those that come first, as far as they are known
     */
    public record Head(String model, List<String> labels, int topK, boolean several, List<Picture> first) {}

    /** Begins to print. */
    public abstract Results open(Output out, Head head);
}
