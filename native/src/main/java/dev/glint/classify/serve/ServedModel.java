package dev.glint.classify.serve;

import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.drift.DriftMonitor;
import dev.glint.runtime.drift.DriftProfile;
import dev.glint.runtime.drift.DriftReport;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.golden.EngineReplay;
import dev.glint.runtime.golden.GoldenResult;
import dev.glint.runtime.golden.GoldenSamples;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.model.ModelFile;
import dev.glint.runtime.model.Prediction;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * An open model with a classifier for each worker, and counts of what its pictures are like. It is freed when it was retired
 * and its last request is done.
 */
final class ServedModel {
    private static final int MID_GRAY = 128;

    private final Model model;
    private final Deque<Classifier> idle = new ArrayDeque<>();
    private final DriftMonitor seen;
    private final Optional<DriftProfile> baseline;
    private int busy;
    private boolean retired;

    /**
     * Takes an open model over and proves it: by its golden samples or, if it carries none, by any answer to a gray picture.
     *
     * @param read what it was opened from
     * @param log is told of a model that cannot be watched for drift
     * @throws GlintException ({@code MODEL}, {@code GATE}) naming it if it does not answer as it must; it is closed then
     */
    ServedModel(ModelFile read, Model model, int workers, ServeLog log) {
        this.model = model;
        this.seen = new DriftMonitor(model.contract());
        try {
            for (int i = 0; i < workers; i++) {
                idle.push(model.newClassifier());
            }
            prove(read, idle.getFirst());
            this.baseline = baseline(read, log);
        } catch (RuntimeException | Error e) {
            free();
            throw e;
        }
    }

    private void prove(ModelFile read, Classifier classifier) {
        Optional<GoldenSamples> golden = GoldenSamples.carriedBy(read);
        if (golden.isPresent()) {
            List<GoldenResult> results = golden.get().replay(classifier);
            EngineReplay.require(
                    model.file(), List.of(new EngineReplay(model.engine().name(), Optional.empty(), results)));
        } else {
            classifier.logits(gray(model));
        }
    }

    private static Optional<DriftProfile> baseline(ModelFile read, ServeLog log) {
        try {
            return Optional.of(DriftProfile.carriedBy(read));
        } catch (GlintException e) {
            log.unwatched(e);
            return Optional.empty();
        }
    }

    private static Image gray(Model model) {
        int width = model.contract().width();
        int height = model.contract().height();
        byte[] samples = new byte[width * height];
        Arrays.fill(samples, (byte) MID_GRAY);
        return new Image(width, height, Image.Mode.GRAY, samples);
    }

    /** Its file's name. */
    String name() {
        return String.valueOf(model.file().getFileName());
    }

    /** The open model, for what it says of itself. */
    Model model() {
        return model;
    }

    /**
     * What one of its classifiers says of a picture, which is counted.
     *
     * @throws GlintException ({@code LIMIT}, {@code MODEL})
     */
    Prediction classify(Classifier classifier, Image picture, int topK) {
        PreprocessContract contract = model.contract();
        return Prediction.fromOutput(contract.output(), seen.classify(classifier, picture), contract.labels(), topK);
    }

    /** How far its pictures are from its baseline, if it carries one. */
    Optional<DriftReport> drift() {
        return baseline.map(expected -> DriftReport.compare(expected, seen.profile()));
    }

    /** A classifier for one request, to be given back. */
    synchronized Classifier take() {
        Classifier classifier = idle.pop();
        busy++;
        return classifier;
    }

    /** Takes a classifier back. */
    synchronized void giveBack(Classifier classifier) {
        idle.push(classifier);
        busy--;
        freeIfDone();
    }

    /** No request will take a classifier any more. */
    synchronized void retire() {
        retired = true;
        freeIfDone();
    }

    private void freeIfDone() {
        if (retired && busy == 0) {
            free();
        }
    }

    private void free() {
        idle.forEach(Classifier::close);
        idle.clear();
        model.close();
    }
}
