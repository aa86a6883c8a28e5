package dev.glint.classify.batch;

import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.model.Prediction;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Several workers on one model, each with a classifier of its own; answers come in the order of the pictures. A thread looks
 * for pictures while others classify, and no further ahead than the queue is long: {@value #QUEUED_PER_WORKER} pictures per
 * worker, of which only the names and answers are held. Closing it stops the threads.
 */
public final class InParallel implements Answers {
    private static final int QUEUED_PER_WORKER = 32;

    /** A picture whose answer is coming, the end, or the failure to find more. */
    private record Pending(
            @Nullable Picture picture,
            @Nullable Future<Prediction> answer,
            @Nullable Throwable failure) {}

    private final PictureSource pictures;
    private final PictureModel model;
    private final BlockingQueue<Pending> queue;
    private final BlockingQueue<Classifier> idle;
    private final ExecutorService workers;
    private final ExecutorService finder;
    private @Nullable Future<Prediction> last;

    /**
     * Sets them to work.
     *
     * @param opened stays open
     */
    public InParallel(PictureSource pictures, Model opened, int count, PictureModel model) {
        this.pictures = pictures;
        this.model = model;
        this.queue = new ArrayBlockingQueue<>(QUEUED_PER_WORKER * count);
        this.idle = new ArrayBlockingQueue<>(count);
        try {
            for (int i = 0; i < count; i++) {
                idle.add(opened.newClassifier());
            }
        } catch (RuntimeException | Error e) {
            idle.forEach(Classifier::close);
            throw e;
        }
        // Daemons: what ends the process need not wait for a picture.
        ThreadFactory daemons = task -> {
            Thread thread = new Thread(task, "classify-worker");
            thread.setDaemon(true);
            return thread;
        };
        this.workers = Executors.newFixedThreadPool(count, daemons);
        this.finder = Executors.newSingleThreadExecutor(daemons);
        finder.execute(this::find);
    }

    private void find() {
        try {
            Optional<Picture> found;
            while ((found = pictures.next()).isPresent()) {
                Picture picture = found.get();
                queue.put(new Pending(picture, workers.submit(() -> answer(picture)), null));
            }
            queue.put(new Pending(null, null, null));
        } catch (InterruptedException e) {
            // Closed: nobody waits for more.
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException | Error e) {
            try {
                queue.put(new Pending(null, null, e));
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Prediction answer(Picture picture) throws InterruptedException {
        Classifier classifier = idle.take();
        try {
            return model.classify(picture, classifier);
        } finally {
            idle.add(classifier);
        }
    }

    @Override
    public Optional<Picture> next() throws IOException {
        Pending pending;
        try {
            pending = queue.take();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (pending.failure() != null) {
            throw rethrown(pending.failure());
        }
        last = pending.answer();
        return Optional.ofNullable(pending.picture());
    }

    @Override
    public Prediction prediction() {
        if (last == null) {
            throw new IllegalStateException("no picture");
        }
        try {
            return last.get();
        } catch (ExecutionException e) {
            try {
                throw rethrown(e.getCause());
            } catch (IOException impossible) {
                throw new IllegalStateException(impossible);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static RuntimeException rethrown(Throwable failure) throws IOException {
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof IOException io) {
            throw io;
        }
        return failure instanceof RuntimeException runtime ? runtime : new IllegalStateException(failure);
    }

    @Override
    public void close() {
        finder.shutdownNow();
        workers.shutdownNow();
        try {
            // A classifier that is at work cannot be closed; one that never comes back is left to the end of the
            // process.
            if (workers.awaitTermination(10, TimeUnit.SECONDS)) {
                idle.forEach(Classifier::close);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
