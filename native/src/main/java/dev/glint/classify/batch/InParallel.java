package dev.glint.classify.batch;

import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.model.Prediction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Several workers on one model, each with a classifier of its own; answers come in the order of the pictures. The thread that
 * asks for them is one of the workers, so that as many threads as workers are busy, and none waits for another while there is a
 * picture to classify. A further thread looks for pictures, which takes little, no further ahead than {@value
 * #AHEAD_PER_WORKER} per worker; of them only the names and answers are held. Closing it stops the threads.
 */
public final class InParallel implements Answers {
    private static final int AHEAD_PER_WORKER = 32;
    private static final int PATIENCE_SECONDS = 10;

    private final PictureSource pictures;
    private final PictureModel model;
    private final PictureWindow window;
    private final Classifier own;
    private final List<Thread> threads = new ArrayList<>();
    private PictureWindow.@Nullable Task last;

    /**
     * Sets them to work.
     *
     * @param opened stays open
     * @param count how many, the caller with them
     */
    public InParallel(PictureSource pictures, Model opened, int count, PictureModel model) {
        this.pictures = pictures;
        this.model = model;
        this.window = new PictureWindow(AHEAD_PER_WORKER * count);
        List<Classifier> classifiers = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                classifiers.add(opened.newClassifier());
            }
        } catch (RuntimeException | Error e) {
            classifiers.forEach(Classifier::close);
            throw e;
        }
        this.own = classifiers.remove(0);
        for (Classifier classifier : classifiers) {
            start(() -> work(classifier));
        }
        start(this::find);
    }

    private void start(Runnable task) {
        Thread thread = new Thread(task, "classify-worker");
        // What ends the process need not wait for a picture.
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void work(Classifier classifier) {
        try (classifier) {
            window.work(model, classifier);
        } catch (InterruptedException e) {
            // Closed: nobody waits for more.
            Thread.currentThread().interrupt();
        }
    }

    private void find() {
        try {
            Optional<Picture> found;
            while ((found = pictures.next()).isPresent()) {
                window.add(found.get());
            }
            window.end(null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException | Error e) {
            window.end(e);
        }
    }

    @Override
    public Optional<Picture> next() throws IOException {
        try {
            last = window.take();
            return Optional.ofNullable(last).map(PictureWindow.Task::picture);
        } catch (PictureWindow.SearchFailure e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw e.getCause() instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Prediction prediction() {
        if (last == null) {
            throw new IllegalStateException("no picture");
        }
        try {
            window.workUntil(last, model, own);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return last.prediction();
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        own.close();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        try {
            // A worker that never comes back is left to the end of the process.
            for (Thread thread : threads) {
                thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
