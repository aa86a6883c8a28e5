package dev.glint.console;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far a long step has come: one line on standard error that is drawn over and over, on a terminal only. */
public final class Progress implements AutoCloseable {
    private static final long REDRAW_NANOS = 100_000_000;
    private static final int BAR = 30;

    private final @Nullable Writer terminal;
    private final String task;
    private final long total;
    private final long begunAt = System.nanoTime();
    private long done;
    private long drawnAt;
    private int drawn;

    /**
     * Begins a step.
     *
     * @param terminal where it is drawn, if anywhere
     * @param task its name
     * @param total how many times {@link #step} will be called, or what {@link #stepTo} will reach
     */
    public Progress(Optional<Writer> terminal, String task, long total) {
        this.terminal = terminal.orElse(null);
        this.task = Text.printable(task);
        this.total = total;
        draw(begunAt);
    }

    /** Begins a step of this process. */
    public Progress(String task, long total) {
        this(Streams.terminalOfProcess(), task, total);
    }

    /** One more is done. Any thread may call it. */
    public synchronized void step() {
        stepTo(done + 1);
    }

    /** So many are done. Any thread may call it. */
    public synchronized void stepTo(long count) {
        done = count;
        long now = System.nanoTime();
        if (now - drawnAt > REDRAW_NANOS) {
            draw(now);
        }
    }

    private void draw(long now) {
        if (terminal == null) {
            return;
        }
        drawnAt = now;
        double share = total <= 0 ? 0 : Math.min(1, (double) done / total);
        int filled = (int) (BAR * share);
        long seconds = (now - begunAt) / 1_000_000_000;
        String line = task + " [" + "=".repeat(filled) + " ".repeat(BAR - filled) + "] " + done + "/" + total + "  "
                + seconds / 60 + (seconds % 60 < 10 ? ":0" : ":") + seconds % 60;
        write("\r" + Text.padded(line, drawn));
        drawn = line.length();
    }

    private void write(String text) {
        if (terminal != null) {
            try {
                terminal.write(text);
                terminal.flush();
            } catch (IOException nobodyWatches) {
                // The work is worth as much without a picture of it.
            }
        }
    }

    /** Removes the line, to make room for others; the next step may draw it again. Any thread may call it. */
    public synchronized void erase() {
        if (drawn > 0) {
            write("\r" + " ".repeat(drawn) + "\r");
            drawn = 0;
        }
    }

    /** Text for people on the same terminal, which the line makes room for. */
    public PrintWriter besides(PrintWriter err) {
        return new PrintWriter(new MakingRoom(err), true);
    }

    private final class MakingRoom extends Writer {
        private final PrintWriter err;

        MakingRoom(PrintWriter err) {
            this.err = err;
        }

        @Override
        public void write(char[] text, int from, int count) {
            erase();
            err.write(text, from, count);
        }

        @Override
        public void flush() {
            err.flush();
        }

        @Override
        public void close() {
            flush();
        }
    }

    /** Removes the line. */
    @Override
    public void close() {
        erase();
    }
}
