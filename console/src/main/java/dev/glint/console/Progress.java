package dev.glint.console;

import java.io.PrintWriter;

/** How far a long step has come: one line on standard error that is drawn over and over, on a terminal only. */
public final class Progress {
    private static final long REDRAW_NANOS = 100_000_000;

    private final PrintWriter err;
    private final boolean visible;
    private final String what;
    private final int total;
    private int done;
    private long drawnAt = System.nanoTime();

    /**
     * Begins a step.
     *
     * @param what its name
     * @param total how many times {@link #step} will be called
     */
    public Progress(Streams streams, String what, int total) {
        this.err = streams.err();
        this.visible = streams.errIsTerminal();
        this.what = what;
        this.total = total;
    }

    /** One more is done. Any thread may call it. */
    public synchronized void step() {
        done++;
        long now = System.nanoTime();
        if (visible && now - drawnAt > REDRAW_NANOS) {
            drawnAt = now;
            err.print("\r" + what + " " + done + "/" + total);
            err.flush();
        }
    }

    /** Removes the line. */
    public synchronized void end() {
        if (visible) {
            err.print("\r"
                    + " ".repeat(what.length() + 2 * Integer.toString(total).length() + 2) + "\r");
            err.flush();
        }
    }
}
