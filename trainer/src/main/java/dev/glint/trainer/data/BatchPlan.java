package dev.glint.trainer.data;

/**
 * How the pictures of an epoch fall into batches, wherever the batches are made. The last one may be smaller than the
 * others; a single picture that would be left joins the batch before it, since batch normalization needs more than one.
 *
 * @param pictures how many there are, 0 or more
 * @param batchSize pictures of each batch but the last, at least 1
 */
public record BatchPlan(int pictures, int batchSize) {
    public BatchPlan {
        if (pictures < 0 || batchSize < 1) {
            throw new IllegalArgumentException(pictures + " pictures in batches of " + batchSize);
        }
    }

    /** How many batches there are. */
    public int batches() {
        int left = pictures % batchSize;
        boolean joins = left == 1 && batchSize > 1 && pictures > batchSize;
        return pictures / batchSize + (left == 0 || joins ? 0 : 1);
    }

    /**
     * The place of the first picture of a batch.
     *
     * @param batch from 0 on
     */
    public int start(int batch) {
        return Math.multiplyExact(batch, batchSize);
    }

    /** The place behind the last picture of a batch. */
    public int end(int batch) {
        return batch == batches() - 1 ? pictures : start(batch) + batchSize;
    }

    /** The most pictures that a batch has. */
    public int largest() {
        return pictures == 0 ? 0 : Math.max(end(0), pictures - start(batches() - 1));
    }
}
