package dev.glint.exporter.cli;

import dev.glint.console.Progress;
import dev.glint.exporter.job.JobListener;
import dev.glint.trainer.cli.Interruption;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Shows how a job goes, a bar per task, and ends it when the process is told to end. */
final class Reporter implements JobListener, AutoCloseable {
    /** What is reported on; gives the text of its result. */
    interface Job {
        String run(JobListener listener) throws IOException;
    }

    private final Interruption interruption = new Interruption();
    private final Consumer<String> warnings;
    private @Nullable Progress progress;
    private String task = "";

    private Reporter(Consumer<String> warnings) {
        this.warnings = warnings;
    }

    /** Runs a job with bars and warnings, and prints its result; returns the exit code. */
    static int run(CommandLine command, Job job) throws IOException {
        try (Reporter reporter = new Reporter(command.getErr()::println)) {
            String result = job.run(reporter);
            command.getOut().println(result);
            command.getOut().flush();
            return 0;
        } catch (Interruption.InterruptedWork e) {
            command.getErr().println("interrupted; nothing was written");
            return Interruption.EXIT_CODE;
        }
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

    @Override
    public synchronized void note(String note) {
        closeBar();
        warnings.accept(note);
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
