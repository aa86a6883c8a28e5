package dev.glint.classify.serve;

import dev.glint.classify.serve.ModelSlot.Lease;
import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.decode.format.ImageFormat;
import dev.glint.runtime.decode.format.ImageInfo;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.model.Prediction;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Pictures that wait for one of the workers. Each worker decodes and classifies one at a time, and all of them together
 * hold no more pixels than the largest single picture may have. Safe for use by several threads.
 */
final class PictureQueue implements AutoCloseable {
    private static final int REFUSAL_MILLIS = 50;
    private static final int MOST_PIXELS = (int) DecodeLimits.defaults().pixels();

    private final ModelSlot models;
    private final Duration timeout;
    private final ThreadPoolExecutor workers;
    private final Semaphore pixels = new Semaphore(MOST_PIXELS, true);

    /** What the model, named by its file, said of a picture. */
    record Classified(String model, Prediction prediction) {}

    /**
     * @param workers pictures at a time
     * @param length pictures that wait at most
     * @param timeout how long each of them waits at most
     */
    PictureQueue(ModelSlot models, int workers, int length, Duration timeout) {
        this.models = models;
        this.timeout = timeout;
        this.workers = new ThreadPoolExecutor(
                workers, workers, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(length), PictureQueue::thread);
        this.workers.prestartAllCoreThreads();
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "classify-worker");
        thread.setDaemon(true);
        return thread;
    }

    /** Pictures that wait. */
    int length() {
        return workers.getQueue().size();
    }

    /**
     * Refuses what the queue has no place for, but not at once: clients that ask again without a pause would take the time
     * that the workers need.
     *
     * @throws Refusal (503) if it is full
     */
    void requirePlace() throws InterruptedException {
        if (workers.getQueue().remainingCapacity() == 0) {
            Thread.sleep(REFUSAL_MILLIS);
            if (workers.getQueue().remainingCapacity() == 0) {
                throw full();
            }
        }
    }

    /**
     * Waits for a worker and its answer.
     *
     * @throws Refusal (413, 415, 422, 503)
     * @throws GlintException ({@code MODEL}) if the model fails
     */
    Classified classify(byte[] picture, int topK) throws InterruptedException {
        FutureTask<Classified> task = new FutureTask<>(() -> work(picture, topK));
        try {
            workers.execute(task);
        } catch (RejectedExecutionException e) {
            throw full();
        }
        try {
            return result(task);
        } catch (ExecutionException e) {
            throw failure(Objects.requireNonNull(e.getCause()), picture);
        }
    }

    private Classified result(FutureTask<Classified> task) throws InterruptedException, ExecutionException {
        try {
            return task.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            if (workers.remove(task)) {
                throw Refusal.busy("no free worker within " + timeout.toSeconds() + " s", "one");
            }
            // A worker has it.
            return task.get();
        }
    }

    private static RuntimeException failure(Throwable cause, byte[] picture) {
        if (cause instanceof GlintException glint) {
            return glint.reason() == Reason.MODEL ? glint : pictureFailure(glint, picture);
        }
        if (cause instanceof OutOfMemoryError) {
            return Refusal.withoutMemory();
        }
        return new IllegalStateException(cause);
    }

    private static Refusal pictureFailure(GlintException failure, byte[] picture) {
        return ImageFormat.detect(picture).isEmpty() ? Refusal.unsupported(failure) : Refusal.failed(failure);
    }

    private Classified work(byte[] picture, int topK) throws InterruptedException {
        try (Lease lease = models.lease()) {
            DecodeOptions options = lease.classifier().contract().decodeOptions();
            ImageInfo info = ImageDecoder.probe(picture, options);
            int needed = (int) Math.min(MOST_PIXELS, (long) info.width() * info.height());
            pixels.acquire(needed);
            try {
                Image image = ImageDecoder.decode(picture, options);
                return new Classified(lease.model().name(), lease.model().classify(lease.classifier(), image, topK));
            } finally {
                pixels.release(needed);
            }
        }
    }

    private static Refusal full() {
        return Refusal.busy("a queue that is full", "fewer requests at a time");
    }

    /** Ends the workers, within a second if they can; pictures that wait get no answer. */
    @Override
    public void close() {
        workers.shutdownNow();
        try {
            workers.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
