package dev.glint.classify.batch;

import dev.glint.console.Progress;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.model.Prediction;

/** Results with a progress bar, which makes room for each line. */
public final class WatchedResults implements Results {
    private final Results results;
    private final Progress progress;
    private long done;

    /** Closes both in the end. */
    public WatchedResults(Results results, Progress progress) {
        this.results = results;
        this.progress = progress;
    }

    @Override
    public void add(String picture, Prediction prediction) {
        progress.erase();
        results.add(picture, prediction);
        done++;
        progress.stepTo(done);
    }

    @Override
    public void addFailure(String picture, GlintException failure) {
        progress.erase();
        results.addFailure(picture, failure);
        // Drawn with the next picture: the line of the failure comes first.
        done++;
    }

    @Override
    public void cutShort(Throwable failure) {
        results.cutShort(failure);
    }

    @Override
    public void close() {
        progress.close();
        results.close();
    }
}
