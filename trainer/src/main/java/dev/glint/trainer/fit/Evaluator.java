package dev.glint.trainer.fit;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.trainer.data.Batch;
import dev.glint.trainer.data.Labels;
import dev.glint.trainer.engine.TorchEngine;

/** Judges a model by pictures, in inference mode: batch norm with its running statistics. */
public final class Evaluator {
    private static final int BATCH_SIZE = 100;
    /** Of a batch; with this, photos of 400x400 still come a hundred at a time. */
    private static final int MAX_BYTES = 1 << 28;

    /** Takes what a model says of some pictures. */
    @FunctionalInterface
    public interface Answers {
        /**
         * Takes a batch's answers.
         *
         * @param logits (N, classes), row by row
         * @param labels of the pictures; valid until this returns
         */
        void add(float[] logits, Labels labels);
    }

    private Evaluator() {}

    /**
     * The score of a block on all pictures of a set.
     *
     * @param flip whether a picture's logits are the mean of its own and its mirror image's
     */
    public static Score evaluate(
            Block block, NDManager manager, Preprocessor preprocessor, PictureSet pictures, boolean flip) {
        return evaluate(block, manager, new HostPictures(pictures, preprocessor), flip);
    }

    /** The same with pictures from a source. */
    static Score evaluate(Block block, NDManager manager, PictureSource pictures, boolean flip) {
        ScoreSum sum = new ScoreSum();
        answer(block, manager, pictures, flip, sum::add);
        return sum.score();
    }

    /**
     * What a block says of all pictures of a set, batch after batch, in the order of the set.
     *
     * @param flip whether a picture's logits are the mean of its own and its mirror image's
     */
    public static void answer(
            Block block,
            NDManager manager,
            Preprocessor preprocessor,
            PictureSet pictures,
            boolean flip,
            Answers answers) {
        answer(block, manager, new HostPictures(pictures, preprocessor), flip, answers);
    }

    private static void answer(Block block, NDManager manager, PictureSource pictures, boolean flip, Answers answers) {
        ParameterStore parameters = new ParameterStore(manager, false);
        try (Batches batches = pictures.inOrder(batchSize(pictures.tensorSize()))) {
            for (InputBatch batch = batches.next(); batch != null; batch = batches.next()) {
                try (NDManager step = manager.newSubManager()) {
                    NDArray input = batch.input().apply(step);
                    NDArray logits = logits(block, parameters, input);
                    if (flip) {
                        logits = logits.add(logits(block, parameters, input.flip(3)))
                                .muli(0.5f);
                    }
                    answers.add(logits.toFloatArray(), batch.labels());
                }
            }
        } catch (EngineException e) {
            throw TorchEngine.explained(e, manager.getDevice());
        }
    }

    /** How many pictures of so many values are judged at a time. */
    static int batchSize(int tensorSize) {
        return Math.max(1, Math.min(BATCH_SIZE, MAX_BYTES / Float.BYTES / tensorSize));
    }

    private static NDArray logits(Block block, ParameterStore parameters, NDArray input) {
        return block.forward(parameters, new NDList(input), false).singletonOrThrow();
    }

    /**
     * A batch as an (N, C, H, W) array whose values lie in memory as (N, H, W, C). libtorch passes that layout on from
     * layer to layer, and its convolutions are faster with it.
     */
    static NDArray input(Batch batch, PreprocessContract contract, NDManager manager) {
        Shape planes = new Shape(batch.size(), contract.channels(), contract.height(), contract.width());
        Shape pixels = new Shape(batch.size(), contract.height(), contract.width(), contract.channels());
        return manager.create(batch.pixels(), planes, DataType.FLOAT32)
                .transpose(0, 2, 3, 1)
                .flatten()
                .reshape(pixels)
                .transpose(0, 3, 1, 2);
    }
}
