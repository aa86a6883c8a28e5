package dev.glint.trainer.fit;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.data.BatchPool;
import dev.glint.trainer.data.BatchStream;
import dev.glint.trainer.model.BatchNormCalibration;
import java.util.Objects;
import java.util.stream.Stream;

/** Gives the batch norm layers of a network the statistics of pictures, {@link BatchNormCalibration}. */
public final class BatchNormStatistics {
    /** Enough: even the smallest feature maps of a network for photos have 49 places in each. */
    private static final int PICTURES = 256;

    private static final int BATCH_SIZE = 32;

    private BatchNormStatistics() {}

    /**
     * Measures the first pictures of a set, as they are.
     *
     * @param block initialized; computes the same afterwards
     * @return how many pictures were measured
     * @throws GlintException ({@code INPUT}) if there is one picture only
     */
    @SuppressWarnings("StreamToIterable") // Gone through once.
    public static int measure(Block block, PictureSet pictures, Preprocessor preprocessor, NDManager manager) {
        PictureSet measured = pictures.first(PICTURES);
        if (measured.size() < 2) {
            throw GlintException.failure(
                    Reason.INPUT,
                    measured.size() + " training picture",
                    "two or more, which the weights' batch norm can be measured with",
                    "add pictures, or keep batch norm as it is with --freeze-batch-norm");
        }
        try (BatchStream batches = BatchStream.inOrder(measured, preprocessor, BATCH_SIZE, new BatchPool())) {
            BatchNormCalibration.apply(
                    block,
                    Stream.generate(batches::next)
                            .takeWhile(Objects::nonNull)
                            .map(batch -> Evaluator.input(batch, preprocessor.contract(), manager))::iterator);
        }
        return measured.size();
    }
}
