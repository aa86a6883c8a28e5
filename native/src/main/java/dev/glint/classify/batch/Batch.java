package dev.glint.classify.batch;

import dev.glint.console.FailureReport;
import dev.glint.console.Progress;
import dev.glint.console.Streams;
import dev.glint.runtime.model.Model;
import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Pictures in, answers out.
 *
 * @param streams what is connected
 * @param debug whether failures come with stack traces
 * @param format how answers are printed
 * @param topK how many classes of each, at most
 * @param workers how many pictures are classified at a time
 * @param answering how one is
 */
public record Batch(
        Streams streams, boolean debug, ResultFormat format, int topK, int workers, PictureModel answering) {
    /** So many names say how wide their column is; to look at all would mean to hold them. */
    private static final int PEEKED = 256;

    /**
     * Classifies pictures that have names.
     *
     * @param total counts them, for a bar on a terminal
     * @return the exit code of the first failure, or 0
     * @throws IOException if something else than a picture is to blame
     */
    public int run(NamedPictures pictures, Model model, LongSupplier total) throws IOException {
        List<Picture> first = pictures.peek(PEEKED);
        boolean several = first.size() > 1;
        Results results = open(model, several, first);
        if (!several) {
            return print(pictures, model, results, streams);
        }
        Results whole = new InterruptibleResults(results);
        if (streams.terminal().isEmpty()) {
            return print(pictures, model, whole, streams);
        }
        Progress progress = new Progress(streams.terminal(), "pictures", total.getAsLong());
        Streams beside = new Streams(
                streams.in(),
                streams.out(),
                progress.besides(streams.err()),
                streams.terminal(),
                streams.environment());
        return print(pictures, model, new WatchedResults(whole, progress), beside);
    }

    /** The same for pictures of which more may come at any time. */
    public int runOpenEnd(PictureSource pictures, Model model) throws IOException {
        return print(pictures, model, new InterruptibleResults(open(model, true, List.of())), streams);
    }

    private Results open(Model model, boolean several, List<Picture> first) {
        return format.open(
                streams.out(),
                new ResultFormat.Head(
                        model.file().getFileName().toString(), model.contract().labels(), topK, several, first));
    }

    private int print(PictureSource pictures, Model model, Results results, Streams beside) throws IOException {
        try (results;
                Answers answers = answers(pictures, model)) {
            try {
                return new EachPicture(beside, debug, results::addFailure)
                        .process(answers, picture -> results.add(picture.name(), answers.prediction()));
            } catch (IOException | RuntimeException | Error e) {
                results.cutShort(e);
                throw e;
            }
        }
    }

    private Answers answers(PictureSource pictures, Model model) {
        try {
            return workers == 1
                    ? new OneByOne(pictures, model.newClassifier(), answering)
                    : new InParallel(pictures, model, workers, answering);
        } catch (OutOfMemoryError e) {
            throw FailureReport.outOfMemory(e).about(model.file());
        }
    }
}
