package dev.glint.trainer.data;

import dev.glint.runtime.Preprocessor;
import java.nio.FloatBuffer;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The pictures of a set, batch after batch, each picture once. A thread of its own prepares the next batches while the
 * caller works on one. For use by one thread; closing it ends the other one.
 */
public final class BatchStream implements AutoCloseable {
    /** One that the model works on, one that waits, one that is filled. */
    private static final int BATCHES = 3;

    /** What becomes of a picture's samples on their way into a batch. */
    private interface Change {
        byte[] apply(byte[] samples);
    }

    private final PictureSet pictures;
    private final Preprocessor preprocessor;
    private final int[] order;
    private final int batchSize;
    private final Change change;
    private final BlockingQueue<Batch> free = new ArrayBlockingQueue<>(BATCHES);
    /** Filled batches; the failure that ended the thread, if one did. */
    private final BlockingQueue<Object> filled = new ArrayBlockingQueue<>(BATCHES + 1);

    private final Thread thread = new Thread(this::fill, "glint-batches");
    private int remaining;
    private @Nullable Batch current;

    private BatchStream(PictureSet pictures, Preprocessor preprocessor, int[] order, int batchSize, Change change) {
        this.pictures = pictures;
        this.preprocessor = preprocessor;
        this.order = order;
        this.batchSize = Math.min(batchSize, order.length);
        this.change = change;
        this.remaining = batches(order.length, this.batchSize);
        for (int i = 0; i < Math.min(BATCHES, remaining); i++) {
            free.add(new Batch(this.batchSize, preprocessor.contract().tensorSize()));
        }
        thread.setDaemon(true);
        thread.start();
    }

    /** All pictures in their order, unchanged. */
    public static BatchStream inOrder(PictureSet pictures, Preprocessor preprocessor, int batchSize) {
        return new BatchStream(
                pictures, preprocessor, PictureOrder.inOrder(pictures.size()), batchSize, samples -> samples);
    }

    /**
     * All pictures in the order of one epoch.
     *
     * @param seed the run's seed, which with the epoch decides order and augmentation
     * @param augmented whether pictures are cropped and flipped at random
     */
    public static BatchStream ofEpoch(
            PictureSet pictures, Preprocessor preprocessor, int batchSize, long seed, int epoch, boolean augmented) {
        int[] order = PictureOrder.shuffled(pictures.size(), RandomStream.SHUFFLE.open(seed, epoch));
        Change change = augmented ? cropAndFlip(preprocessor, seed, epoch) : samples -> samples;
        return new BatchStream(pictures, preprocessor, order, batchSize, change);
    }

    /** How many batches hold {@code size} pictures; the last one may be smaller than the others. */
    public static int batches(int size, int batchSize) {
        return (size + batchSize - 1) / batchSize;
    }

    private static Change cropAndFlip(Preprocessor preprocessor, long seed, int epoch) {
        var contract = preprocessor.contract();
        Random random = RandomStream.AUGMENTATION.open(seed, epoch);
        ReflectCropFlip augmentation = new ReflectCropFlip(contract.width(), contract.height(), contract.channels());
        byte[] changed = new byte[contract.tensorSize()];
        return samples -> {
            augmentation.apply(samples, changed, random);
            return changed;
        };
    }

    /** The next batch, or null behind the last one. It is the caller's until the next call. */
    public @Nullable Batch next() {
        Batch done = current;
        current = null;
        if (done != null) {
            free.add(done);
        }
        if (remaining == 0) {
            return null;
        }
        try {
            Object next = filled.take();
            if (next instanceof RuntimeException failure) {
                throw failure;
            }
            if (next instanceof Error failure) {
                throw failure;
            }
            remaining--;
            current = (Batch) next;
            return current;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a batch", e);
        }
    }

    private void fill() {
        try {
            for (int start = 0; start < order.length; start += batchSize) {
                Batch batch = free.take();
                FloatBuffer tensor = batch.start();
                for (int i = start; i < Math.min(start + batchSize, order.length); i++) {
                    byte[] samples =
                            preprocessor.toPixels(pictures.picture(order[i])).samples();
                    preprocessor.normalize(change.apply(samples), 0, tensor);
                    batch.add(pictures.label(order[i]));
                }
                filled.add(batch);
            }
        } catch (InterruptedException e) {
            // Closed early: nobody waits for what is left.
        } catch (RuntimeException | Error e) {
            filled.add(e);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
