package dev.glint.trainer.cli;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar on standard error where that is a terminal, and nothing elsewhere. */
public final class Progress implements AutoCloseable {
    /** The launcher sets it to true where standard error is a terminal, which Java cannot tell. */
    private static final String TERMINAL_PROPERTY = "glint.stderr.terminal";

    private static final int WIDTH = 78;

    private final @Nullable ProgressBar bar;

    /**
     * Shows an empty bar.
     *
     * @param task what is written before it
     * @param steps when it is full
     */
    public Progress(String task, long steps) {
        this.bar = Boolean.getBoolean(TERMINAL_PROPERTY)
                ? new ProgressBarBuilder()
                        .setTaskName(task)
                        .setInitialMax(steps)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis(200)
                        .clearDisplayOnFinish()
                        .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH))
                        .build()
                : null;
    }

    /** Moves the bar. */
    public void stepTo(long step) {
        if (bar != null) {
            bar.stepTo(step);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
