package dev.glint.console;

/**
 * Does something when the process is told to end (by the keyboard, or by whoever supervises it), until it is closed. The exit
 * code stays the signal's: 130 for the keyboard.
 */
public final class Interruption implements AutoCloseable {
    private final Thread hook;

    /** Does it in a thread of its own; the process ends when that is through. */
    public Interruption(Runnable last) {
        this.hook = new Thread(last, "interruption");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // It is at work.
        }
    }
}
