package dev.glint.trainer.data;

import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.trainer.augment.Augmentations;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The pictures of a set, batch after batch, each picture once. A thread of its own prepares the next batches while the
 * caller works on one. For use by one thread; closing it ends the other one.
 */
public final class BatchStream implements AutoCloseable {
    private final Pipeline pipeline;
    private final int[] order;
    private final BatchPlan plan;
    private final BatchPool pool;
    private final BlockingQueue<Batch> free = new ArrayBlockingQueue<>(BatchPool.BATCHES);
    /** Filled batches; the failure that ended the thread, if one did. */
    private final BlockingQueue<Object> filled = new ArrayBlockingQueue<>(BatchPool.BATCHES + 1);

    private final Thread thread = new Thread(this::fill, "glint-batches");
    private int remaining;
    private @Nullable Batch current;

    private BatchStream(Pipeline pipeline, Preprocessor preprocessor, int[] order, int batchSize, BatchPool pool) {
        this.pipeline = pipeline;
        this.pool = pool;
        this.order = order;
        this.plan = new BatchPlan(order.length, batchSize);
        this.remaining = plan.batches();
        for (int i = 0; i < Math.min(BatchPool.BATCHES, plan.batches()); i++) {
            free.add(pool.take(plan.largest(), preprocessor.contract().tensorSize()));
        }
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * All pictures in their order, unchanged.
     *
     * @param pool gives batches, and has them back when all were seen
     */
    public static BatchStream inOrder(PictureSet pictures, Preprocessor preprocessor, int batchSize, BatchPool pool) {
        Pipeline pipeline = new Pipeline(pictures, preprocessor, Augmentations.NONE, 0, 0);
        return new BatchStream(pipeline, preprocessor, PictureOrder.inOrder(pictures.size()), batchSize, pool);
    }

    /**
     * All pictures in the order of one epoch.
     *
     * @param seed the run's seed, which with the epoch decides order and augmentation
     * @param augmentations what happens to the pictures
     * @param pool gives batches, and has them back when all were seen
     */
    public static BatchStream ofEpoch(
            PictureSet pictures,
            Preprocessor preprocessor,
            int batchSize,
            long seed,
            int epoch,
            Augmentations augmentations,
            BatchPool pool) {
        int[] order = PictureOrder.shuffled(pictures.size(), RandomStream.SHUFFLE.open(seed, epoch));
        Pipeline pipeline = new Pipeline(pictures, preprocessor, augmentations, seed, epoch);
        return new BatchStream(pipeline, preprocessor, order, batchSize, pool);
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
            for (int number = 0; number < plan.batches(); number++) {
                Batch batch = free.take();
                pipeline.fill(batch, order, plan.start(number), plan.end(number));
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
        if (remaining == 0) {
            // Else the thread may still be filling one.
            free.forEach(pool::give);
            free.clear();
            if (current != null) {
                pool.give(current);
                current = null;
            }
        }
    }
}
