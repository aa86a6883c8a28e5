package dev.glint.trainer.fit;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import dev.glint.runtime.GlintException;
import dev.glint.runtime.GlintException.Reason;
import dev.glint.runtime.Preprocessor;
import dev.glint.trainer.data.Batch;
import dev.glint.trainer.data.BatchStream;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.data.RandomStream;
import dev.glint.trainer.model.Dropout;
import dev.glint.trainer.model.StateDict;
import java.util.function.IntConsumer;

/**
 * Fits a block to pictures, epoch by epoch. All work is done by the thread that calls, since the engine's gradient mode
 * belongs to a thread. The block's weights belong to the caller.
 */
public final class Fitter {
    private final Block block;
    private final DataSplit data;
    private final Preprocessor preprocessor;
    private final Recipe recipe;
    private final CrossEntropy crossEntropy;
    private final long seed;
    private final NDManager manager;
    private final ParameterStore parameters;
    private final Optimizer optimizer;
    private final LearningRateSchedule schedule;
    private int epochs;

    /**
     * A fit at its beginning.
     *
     * @param block initialized
     * @param seed with the epoch decides the order of the pictures and their augmentation
     * @param manager owns the optimizer's arrays
     */
    public Fitter(Block block, DataSplit data, Preprocessor preprocessor, Recipe recipe, long seed, NDManager manager) {
        this.block = block;
        this.data = data;
        this.preprocessor = preprocessor;
        this.recipe = recipe;
        this.crossEntropy = new CrossEntropy(data);
        this.seed = seed;
        this.manager = manager;
        this.parameters = new ParameterStore(manager, false);
        this.optimizer = Optimizer.of(recipe, StateDict.parameters(block), manager);
        this.schedule = recipe.schedule(stepsPerEpoch());
    }

    /** How many steps an epoch takes. */
    public int stepsPerEpoch() {
        return BatchStream.batches(data.train().size(), recipe.batchSize());
    }

    /** How many epochs were done. */
    public int epochs() {
        return epochs;
    }

    /** The optimizer, whose state is part of what a continued fit needs. */
    public Optimizer optimizer() {
        return optimizer;
    }

    /**
     * Fits for one epoch and judges.
     *
     * @param progress is told after each step how many steps of the epoch are done
     * @throws GlintException ({@code GATE}) if the loss is no finite number any more
     */
    public EpochMetrics epoch(IntConsumer progress) {
        int epoch = epochs + 1;
        long start = System.nanoTime();
        Dropout.reseed(block, RandomStream.DROPOUT.open(seed, epoch));
        ScoreSum sum = new ScoreSum();
        double learningRate = 0;
        try (BatchStream batches = batches(epoch)) {
            int step = 0;
            for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
                learningRate = schedule.at(optimizer.steps());
                requireFinite(step(batch, learningRate, sum));
                progress.accept(++step);
            }
        }
        long trained = System.nanoTime();
        Score heldOut = Evaluator.evaluate(block, manager, preprocessor, data.heldOut());
        epochs = epoch;
        return new EpochMetrics(
                epoch, sum.score(), heldOut, learningRate, trained - start, System.nanoTime() - trained);
    }

    /**
     * Makes one step, unless its loss is no finite number.
     *
     * @param sum takes the answers before the step
     * @return the loss before the step
     */
    float step(Batch batch, double learningRate, ScoreSum sum) {
        try (NDManager step = manager.newSubManager()) {
            NDArray input = Evaluator.input(batch, preprocessor.contract(), step);
            NDArray logits;
            float value;
            try (GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
                logits = block.forward(parameters, new NDList(input), true).singletonOrThrow();
                NDArray loss = crossEntropy.of(logits, batch, step);
                value = loss.getFloat();
                if (!Float.isFinite(value)) {
                    return value;
                }
                gradients.backward(loss);
            }
            optimizer.step(learningRate);
            sum.add(logits.toFloatArray(), batch);
            return value;
        }
    }

    /** The training pictures in the order of an epoch, as its steps take them. */
    BatchStream batches(int epoch) {
        return BatchStream.ofEpoch(data.train(), preprocessor, recipe.batchSize(), seed, epoch, recipe.augmentations());
    }

    private void requireFinite(float loss) {
        if (!Float.isFinite(loss)) {
            throw GlintException.of(
                    Reason.GATE,
                    "a loss of " + loss + " in epoch " + (epochs + 1),
                    "a finite one",
                    "fit again with a lower learning rate than " + recipe.learningRate() + " (--lr)");
        }
    }
}
