package dev.glint.exporter.cli;

import dev.glint.console.Progress;
import dev.glint.exporter.job.JobListener;
import dev.glint.trainer.cli.Interruption;
import org.jspecify.annotations.Nullable;

/** Shows how a job goes, a bar per task, and ends it when the process is told to end. */
final class Reporter implements JobListener, AutoCloseable {
    private final Interruption interruption = new Interruption();
    private @Nullable Progress progress;
    private String task = "";

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

    private void closeBar() {
        if (progress != null) {
            progress.close();
        }
    }

    @Override
    public synchronized void close() {
        closeBar();
        interruption.close();
    }
}
