package dev.glint.classify.batch;

import dev.glint.console.Interruption;
import dev.glint.runtime.drift.DriftFile;
import dev.glint.runtime.drift.DriftMonitor;
import dev.glint.runtime.drift.DriftProfile;
import dev.glint.runtime.failure.FileFailure;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.ModelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Counts what the classified pictures are like and adds it to a file: every minute, when it is closed, and when the process is
 * told to end. What cannot be saved for the moment waits for the next time.
 */
public final class DriftCount implements PictureLogits, AutoCloseable {
    private static final long SAVE_NANOS = 60_000_000_000L;

    private final DriftFile file;
    private final DriftProfile baseline;
    private final DriftMonitor monitor;
    private final Consumer<String> notes;
    private final long saveNanos;
    private final Interruption interruption;
    private final DriftProfile none;
    private DriftProfile waiting;
    private long savedAt = System.nanoTime();

    /**
     * Begins to count.
     *
     * @param notes is told what could not be saved for the moment, a line each
     * @throws dev.glint.runtime.failure.GlintException if the model carries no baseline, or the file is another's
     * @throws IOException if the file cannot be written
     */
    public DriftCount(Path path, ModelFile model, Consumer<String> notes) throws IOException {
        this(path, model, notes, SAVE_NANOS);
    }

    DriftCount(Path path, ModelFile model, Consumer<String> notes, long saveNanos) throws IOException {
        this.saveNanos = saveNanos;
        this.file = new DriftFile(path);
        this.baseline = DriftProfile.carriedBy(model);
        this.monitor = new DriftMonitor(model.contract());
        this.none = monitor.profile();
        this.waiting = none;
        this.notes = notes;
        file.prepare(baseline);
        this.interruption = new Interruption(this::saveInTheEnd);
    }

    @Override
    public float[] logits(Classifier classifier, Image picture) {
        float[] logits = monitor.classify(classifier, picture);
        saveNowAndThen();
        return logits;
    }

    private synchronized void saveNowAndThen() {
        if (System.nanoTime() - savedAt >= saveNanos) {
            try {
                save();
            } catch (IOException e) {
                later(FileFailure.why(e));
            } catch (GlintException e) {
                later(e.getMessage());
            }
        }
    }

    private void later(String why) {
        notes.accept(file.path() + ": " + waiting.pictures() + " pictures are not counted yet (" + why
                + "); in a minute they are tried again");
    }

    private synchronized void save() throws IOException {
        savedAt = System.nanoTime();
        waiting = waiting.plus(monitor.take());
        file.add(baseline, waiting);
        waiting = none;
    }

    private void saveInTheEnd() {
        try {
            save();
        } catch (IOException | RuntimeException e) {
            // The process ends with the signal's code, and nobody waits for more.
            savedAt = 0;
        }
    }

    @Override
    public void close() throws IOException {
        interruption.close();
        save();
    }
}
