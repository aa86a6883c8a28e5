package dev.glint.classify.serve;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.ModelFile;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The model that answers, and its exchange for another: requests that have begun end with the model they began with, all
 * others get the new one, none waits for the exchange. Safe for use by several threads.
 */
final class ModelSlot implements AutoCloseable {
    private final ModelSource source;
    private final int workers;
    private final ServeLog log;
    private final Object exchanging = new Object();
    private ServedModel current;

    /**
     * Opens the first model.
     *
     * @throws GlintException if it cannot be used
     */
    ModelSlot(ModelSource source, int workers, ServeLog log) {
        this.source = source;
        this.workers = workers;
        this.log = log;
        this.current = open(source.locate());
    }

    private ServedModel open(Path file) {
        try {
            ModelFile read = source.read(file);
            return new ServedModel(read, source.open(read), workers, log);
        } catch (GlintException e) {
            throw e.about(file);
        }
    }

    /** The model and one of its classifiers, for one request. */
    record Lease(ServedModel model, Classifier classifier) implements AutoCloseable {
        @Override
        public void close() {
            model.giveBack(classifier);
        }
    }

    /** For one request of one worker, to be closed when it is answered. */
    synchronized Lease lease() {
        return new Lease(current, current.take());
    }

    /** The model that answers at the moment. */
    synchronized ServedModel current() {
        return current;
    }

    private synchronized ServedModel replace(ServedModel next) {
        ServedModel before = current;
        current = next;
        return before;
    }

    /**
     * Opens the model anew and lets it answer from now on. If it cannot be used, the one before goes on.
     *
     * @throws GlintException if it cannot be used
     */
    ServedModel exchange() {
        // Whoever asks may be a virtual thread, which the native image does not let call C.
        FutureTask<ServedModel> exchange = new FutureTask<>(this::exchangeHere);
        new Thread(exchange, "model exchange").start();
        try {
            return exchange.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private ServedModel exchangeHere() {
        synchronized (exchanging) {
            ServedModel next = open(source.locate());
            replace(next).retire();
            return next;
        }
    }

    /** Frees the model when its last request is answered. */
    @Override
    public void close() {
        current().retire();
    }
}
