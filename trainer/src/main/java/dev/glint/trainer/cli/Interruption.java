package dev.glint.trainer.cli;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lets a long work end in order when the process is told to end (Ctrl-C): a line says at once what is waited for, the
 * work asks after each step, and the process waits for it a little while, so that no file is left half-written and no
 * native code runs while its library goes.
 */
public final class Interruption implements AutoCloseable {
    /** The exit code of a process that was interrupted: 128 + SIGINT. */
    public static final int EXIT_CODE = 130;

    /** How long the end of a step is waited for. */
    static final int STEP_SECONDS = 5;
    /** How long the end of an epoch is waited for whose steps are all made. */
    static final int EPOCH_SECONDS = 60;

    private static final long LOOK_MILLIS = 200;

    /** Ends the work. */
    public static final class InterruptedWork extends RuntimeException {
        private static final long serialVersionUID = 1L;

        InterruptedWork() {
            super("interrupted", null, false, false);
        }
    }

    private final PrintWriter err;
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::await, "glint-interruption");
    private volatile boolean requested;
    private volatile int patienceSeconds = STEP_SECONDS;
    private volatile Supplier<String> kept = () -> "nothing was kept";

    /**
     * Watches from now on.
     *
     * @param err is told at once, and at the end if the work does not end itself
     */
    public Interruption(PrintWriter err) {
        this.err = err;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** The same with the process's own standard error. */
    public Interruption() {
        this(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    }

    /** Says what is kept if the work does not end itself in time. */
    void keeping(Supplier<String> whatIsKept) {
        kept = whatIsKept;
    }

    /** From now on steps are made, of which one is waited for. */
    void stepping() {
        patienceSeconds = STEP_SECONDS;
    }

    /** From now on the end of an epoch is worth waiting for: its steps are made, and only the judging is left. */
    void judging() {
        patienceSeconds = EPOCH_SECONDS;
    }

    private void await() {
        request();
        long start = System.nanoTime();
        try {
            while (!done.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(patienceSeconds)) {
                    say("interrupted in the middle; " + kept.get());
                    exitAtOnce();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Ends the process as C's {@code _exit} does. Even {@code Runtime.halt} lets native libraries clean up, and libtorch,
     * in which the work still runs, then crashes.
     */
    private static void exitAtOnce() {
        try {
            Function.getFunction(Platform.C_LIBRARY_NAME, "_exit").invokeVoid(new Object[] {EXIT_CODE});
        } catch (UnsatisfiedLinkError e) {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }

    /** Asks the work to end, and says so. */
    void request() {
        // Before the work can end, so that this line is the first.
        say(
                patienceSeconds == STEP_SECONDS
                        ? "interrupted: waiting for what is being done, " + STEP_SECONDS + " seconds at most"
                        : "interrupted: waiting for the epoch to be judged and written, " + EPOCH_SECONDS
                                + " seconds at most");
        requested = true;
    }

    private void say(String line) {
        err.println(line);
        err.flush();
    }

    /** Throws if the process was told to end. */
    public void check() {
        if (requested) {
            throw new InterruptedWork();
        }
    }

    @Override
    public void close() {
        done.countDown();
        if (!requested) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The process ends right now; the hook finds the work done.
            }
        }
    }
}
