package dev.glint.classify.frames;

import com.google.gson.JsonObject;
import dev.glint.classify.batch.CandidateJson;
import dev.glint.classify.batch.MinProbability;
import dev.glint.classify.batch.PictureLogits;
import dev.glint.console.FailureReport;
import dev.glint.console.Streams;
import dev.glint.console.Text;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.frame.Frame;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.model.Prediction;
import dev.glint.runtime.model.Prediction.Candidate;
import java.io.IOException;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Frames from standard input, a JSON line on standard output for each, with schema {@code glint.frame/1}: {@code frame}, its
 * place in the stream from 0 on; {@code time} in UTC, when it had come; {@code label}, {@code index} and {@code probability}
 * of the most probable class; {@code latencyMillis} from then to the answer; {@code dropped}, how many frames were given up for
 * this one. A frame that is broken has an {@code error} instead of an answer, and does not stop the others.
 *
 * @param streams what is connected
 * @param debug whether failures come with stack traces
 * @param format what the camera sends
 * @param every which share of the frames is classified: one of so many
 * @param latest whether frames are given up when newer ones are there; otherwise the sender waits
 * @param smooth over how many frames probabilities are averaged, as {@link Smoothing} does
 * @param minProbability what makes an answer unknown
 * @param logits how a frame is classified
 */
public record FrameLoop(
        Streams streams,
        boolean debug,
        FrameFormat format,
        int every,
        boolean latest,
        int smooth,
        MinProbability minProbability,
        PictureLogits logits) {
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);
    private static final String INPUT = "standard input";

    private interface Source {
        Optional<Arrival> next() throws IOException;
    }

    /**
     * Classifies until the stream ends.
     *
     * @return the exit code of the first failure, or 0
     * @throws GlintException ({@code INPUT}) if there was no frame
     * @throws IOException if the stream cannot be read
     */
    public int run(Model model) throws IOException {
        try (Classifier classifier = model.newClassifier()) {
            DecodeOptions options = classifier.contract().decodeOptions();
            Arrivals all = new Arrivals(format.open(streams.in(), options.limits()), every);
            Source source = latest ? new NewestArrival(all)::next : all::next;
            Smoothing smoothing = new Smoothing(smooth);
            int exitCode = 0;
            boolean empty = true;
            Optional<Arrival> arrival;
            while ((arrival = read(source)).isPresent()) {
                int code = answer(arrival.get(), classifier, smoothing);
                exitCode = exitCode == 0 ? code : exitCode;
                empty = false;
            }
            if (empty) {
                throw GlintException.failure(
                                Reason.INPUT, "no frame", "a camera's stream", "check what it is piped from")
                        .about(INPUT);
            }
            return exitCode;
        }
    }

    private static Optional<Arrival> read(Source source) throws IOException {
        try {
            return source.next();
        } catch (IOException e) {
            throw new IOException(INPUT + ": " + e.getMessage(), e);
        }
    }

    /** Prints the line; returns an exit code. */
    private int answer(Arrival arrival, Classifier classifier, Smoothing smoothing) {
        JsonObject line = new JsonObject();
        line.addProperty("schema", "glint.frame/1");
        line.addProperty("frame", arrival.index());
        line.addProperty("time", TIME.format(arrival.time()));
        int exitCode = 0;
        try {
            Candidate best = classify(arrival, classifier, smoothing);
            line.addProperty("label", best.label());
            line.addProperty("index", best.index());
            line.addProperty("probability", CandidateJson.probability(best.probability()));
        } catch (GlintException e) {
            exitCode = failed(e, arrival, line);
        } catch (OutOfMemoryError e) {
            exitCode = failed(FailureReport.outOfMemory(e), arrival, line);
        }
        line.addProperty("latencyMillis", Text.rounded((System.nanoTime() - arrival.nanos()) / 1e6, 3));
        line.addProperty("dropped", arrival.dropped());
        streams.out().line(line);
        streams.out().flush();
        return exitCode;
    }

    private Candidate classify(Arrival arrival, Classifier classifier, Smoothing smoothing) {
        GlintException failure = arrival.failure();
        Frame frame = arrival.frame();
        if (failure != null) {
            throw failure;
        }
        if (frame == null) {
            throw new IllegalStateException("neither a frame nor a failure");
        }
        List<String> labels = classifier.contract().labels();
        float[] answer =
                logits.logits(classifier, frame.decode(classifier.contract().decodeOptions()));
        double[] probabilities =
                smoothing.smooth(Prediction.probabilities(classifier.contract().output(), answer));
        int top = 0;
        for (int i = 1; i < probabilities.length; i++) {
            top = probabilities[i] > probabilities[top] ? i : top;
        }
        Candidate best = new Candidate(top, labels.get(top), probabilities[top]);
        return minProbability.settle(new Prediction(List.of(best))).top();
    }

    private int failed(GlintException failure, Arrival arrival, JsonObject line) {
        GlintException named = failure.about(INPUT + ", frame " + arrival.index());
        line.addProperty("error", named.getMessage());
        return FailureReport.print(named, streams.err(), debug);
    }
}
