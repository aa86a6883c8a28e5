package dev.glint.trainer.fit;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.trainer.augment.Augmentations;
import dev.glint.trainer.data.Batch;
import dev.glint.trainer.data.BatchPool;
import dev.glint.trainer.data.BatchStream;
import org.jspecify.annotations.Nullable;

/** Pictures that are prepared in Java, beside the fit, and go to the device batch by batch. */
final class HostPictures implements PictureSource {
    private final PictureSet pictures;
    private final Preprocessor preprocessor;
    private final BatchPool pool = new BatchPool();

    HostPictures(PictureSet pictures, Preprocessor preprocessor) {
        this.pictures = pictures;
        this.preprocessor = preprocessor;
    }

    @Override
    public int size() {
        return pictures.size();
    }

    @Override
    public int tensorSize() {
        return preprocessor.contract().tensorSize();
    }

    @Override
    public Batches inOrder(int batchSize) {
        return batches(BatchStream.inOrder(pictures, preprocessor, batchSize, pool));
    }

    @Override
    public Batches ofEpoch(int batchSize, long seed, int epoch, Augmentations augmentations) {
        return batches(BatchStream.ofEpoch(pictures, preprocessor, batchSize, seed, epoch, augmentations, pool));
    }

    private Batches batches(BatchStream stream) {
        return new Batches() {
            @Override
            public @Nullable InputBatch next() {
                Batch batch = stream.next();
                return batch == null ? null : input(batch);
            }

            @Override
            public void close() {
                stream.close();
            }
        };
    }

    private InputBatch input(Batch batch) {
        return new InputBatch(
                batch,
                manager -> Evaluator.input(batch, preprocessor.contract(), manager),
                manager -> manager.create(batch.classes(), new Shape(batch.size(), 1), DataType.INT64));
    }
}
