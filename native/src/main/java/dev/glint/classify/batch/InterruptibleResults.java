package dev.glint.classify.batch;

import dev.glint.console.Interruption;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.model.Prediction;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Results that end whole where the process is told to end meanwhile: what was done stands in a complete document. */
public final class InterruptibleResults implements Results {
    /** A reader that takes nothing any more must not keep the process alive. */
    private static final int PATIENCE_SECONDS = 2;

    private final Results results;
    private final ReentrantLock lock = new ReentrantLock();
    private final Interruption interruption;
    private boolean ended;

    /** Closes them in the end. */
    public InterruptibleResults(Results results) {
        this.results = results;
        this.interruption = new Interruption(this::interrupt);
    }

    /** The process ends; may be called by any thread. */
    void interrupt() {
        boolean locked = false;
        try {
            locked = lock.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (locked && !ended) {
                ended = true;
                results.cutShort(new InterruptedIOException("interrupted"));
                results.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (locked) {
                lock.unlock();
            }
        }
    }

    private void unlessEnded(Runnable action) {
        lock.lock();
        try {
            if (!ended) {
                action.run();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void add(String picture, Prediction prediction) {
        unlessEnded(() -> results.add(picture, prediction));
    }

    @Override
    public void addFailure(String picture, GlintException failure) {
        unlessEnded(() -> results.addFailure(picture, failure));
    }

    @Override
    public void cutShort(Throwable failure) {
        unlessEnded(() -> results.cutShort(failure));
    }

    @Override
    public void close() {
        interruption.close();
        unlessEnded(() -> {
            ended = true;
            results.close();
        });
    }
}
