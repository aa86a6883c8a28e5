package dev.glint.classify.batch;

import dev.glint.console.Interruption;
import dev.glint.runtime.drift.DriftFile;
import dev.glint.runtime.drift.DriftMonitor;
import dev.glint.runtime.drift.DriftProfile;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.ModelFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Counts what the classified pictures are like and adds it to a file: every minute, when it is closed, and when the process is
 * told to end.
 */
public final class DriftCount implements PictureLogits, AutoCloseable {
    private static final long SAVE_NANOS = 60_000_000_000L;

    private final DriftFile file;
    private final DriftProfile baseline;
    private final DriftMonitor monitor;
    private final Interruption interruption;
    private long savedAt = System.nanoTime();

    /**
     * Begins to count.
     *
     * @throws dev.glint.runtime.failure.GlintException if the model carries no baseline, or the file is another's
     * @throws IOException if the file cannot be written
     */
    public DriftCount(Path path, ModelFile model) throws IOException {
        this.file = new DriftFile(path);
        this.baseline = DriftProfile.carriedBy(model);
        this.monitor = new DriftMonitor(model.contract());
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
        if (System.nanoTime() - savedAt > SAVE_NANOS) {
            try {
                save();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private synchronized void save() throws IOException {
        savedAt = System.nanoTime();
        file.add(baseline, monitor.take());
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
