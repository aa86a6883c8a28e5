package dev.glint.trainer.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a long work end in order when the process is told to end (Ctrl-C): the work asks after each step, and the process
 * waits for it a little while, so that no file is left half-written and no native code runs while its library goes.
 */
public final class Interruption implements AutoCloseable {
    /** The exit code of a process that was interrupted: 128 + SIGINT. */
    public static final int EXIT_CODE = 130;

    private static final long PATIENCE_SECONDS = 5;

    /** Ends the work. */
    public static final class InterruptedWork extends RuntimeException {
        private static final long serialVersionUID = 1L;

        InterruptedWork() {
            super("interrupted", null, false, false);
        }
    }

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::await, "glint-interruption");
    private volatile boolean requested;

    /** Watches from now on. */
    public Interruption() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void await() {
        requested = true;
        try {
            if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                // A regular end would unload libraries in which the work still runs.
                Runtime.getRuntime().halt(EXIT_CODE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
