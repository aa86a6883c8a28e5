package dev.glint.exporter.cli;

import dev.glint.console.Progress;
import dev.glint.exporter.job.JobListener;
import dev.glint.trainer.cli.Interruption;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Shows how a job goes, a bar per task, and ends it when the process is told to end. */
final class Reporter implements JobListener, AutoCloseable {
    private final Interruption interruption = new Interruption();
    private final Consumer<String> warnings;
    private @Nullable Progress progress;
    private String task = "";

    /** A reporter that prints bars by itself, and warnings line by line. */
    Reporter(Consumer<String> warnings) {
        this.warnings = warnings;
    }

    @Override
    public synchronized void step(String ofTask, int done, int total) {
        interruption.check();
        if (progress == null || !ofTask.equals(task)) {
            closeBar();
            task = ofTask;
            progress = new Progress(ofTask, total);
        }
        progress.stepTo(done);
    }

    @Override
    public synchronized void warn(String warning) {
        closeBar();
        warnings.accept("warning: " + warning);
    }

    private void closeBar() {
        if (progress != null) {
            progress.close();
            progress = null;
        }
    }

    @Override
    public synchronized void close() {
        closeBar();
        interruption.close();
    }
}
