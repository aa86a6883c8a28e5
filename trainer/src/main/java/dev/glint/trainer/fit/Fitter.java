package dev.glint.trainer.fit;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
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
import dev.glint.trainer.recipe.Recipe;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

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
    private final ParameterStore parameterStore;
    private final Map<String, Parameter> parameters;
    private final Set<String> trainable = new LinkedHashSet<>();
    private final @Nullable WeightAverage average;
    private Phase phase;
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
        this.crossEntropy = new CrossEntropy(data, recipe.labelSmoothing());
        this.seed = seed;
        this.manager = manager;
        this.parameterStore = new ParameterStore(manager, false);
        this.parameters = StateDict.parameters(block);
        parameters.forEach((name, parameter) -> {
            if (parameter.requiresGradient()) {
                trainable.add(name);
            }
        });
        this.average =
                recipe.averageDecay() == 0 ? null : new WeightAverage(parameters, recipe.averageDecay(), manager);
        this.phase = phaseOf(1);
    }

    private Phase phaseOf(int epoch) {
        return Phase.of(recipe, epoch, stepsPerEpoch(), parameters, trainable, StateDict.head(block), manager);
    }

    /** How many steps an epoch takes. */
    public int stepsPerEpoch() {
        return BatchStream.batches(data.train().size(), recipe.batchSize());
    }

    /** How many epochs were done. */
    public int epochs() {
        return epochs;
    }

    /**
     * The weights that the last epoch was judged with, by the names of the {@code state_dict}: the averages, if the recipe
     * has them, else the block's own.
     */
    public Map<String, NDArray> weights() {
        return average == null ? ownWeights() : average.weights();
    }

    /** The block's own weights, with which the fit goes on. */
    public Map<String, NDArray> ownWeights() {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> arrays.put(name, parameter.getArray()));
        return arrays;
    }

    /** What a continued fit needs besides the block's own weights and the number of epochs: optimizer and averages. */
    public Map<String, NDArray> state() {
        Map<String, NDArray> state = new LinkedHashMap<>(phase.state());
        if (average != null) {
            state.putAll(average.state());
        }
        return state;
    }

    /**
     * Goes on where another fit with the same settings stopped, whose own weights the block has already.
     *
     * @param epochsDone how many epochs were done
     * @param state the values of its {@link #state}, under the same names
     * @throws IllegalArgumentException if the names are others
     */
    public void restore(int epochsDone, Map<String, float[]> state) {
        phase.close();
        phase = phaseOf(epochsDone);
        Map<String, float[]> ofPhase = new LinkedHashMap<>(state);
        if (average != null) {
            Map<String, float[]> ofAverage = new LinkedHashMap<>(state);
            ofAverage.keySet().retainAll(average.state().keySet());
            ofPhase.keySet().removeAll(ofAverage.keySet());
            average.restore((long) epochsDone * stepsPerEpoch(), ofAverage);
        }
        phase.restore(epochsDone, ofPhase);
        epochs = epochsDone;
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
        if (epoch > 1 && Phase.begins(recipe, epoch)) {
            phase.close();
            phase = phaseOf(epoch);
        }
        Dropout.reseed(block, RandomStream.DROPOUT.open(seed, epoch));
        ScoreSum sum = new ScoreSum();
        double learningRate = 0;
        try (BatchStream batches = batches(epoch)) {
            int step = 0;
            for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
                learningRate = phase.learningRate();
                requireFinite(step(batch, learningRate, sum));
                progress.accept(++step);
            }
        }
        long trained = System.nanoTime();
        Score heldOut = judge();
        epochs = epoch;
        return new EpochMetrics(
                epoch, sum.score(), heldOut, learningRate, trained - start, System.nanoTime() - trained);
    }

    private Score judge() {
        if (average == null) {
            return Evaluator.evaluate(block, manager, preprocessor, data.heldOut(), recipe.testFlip());
        }
        return average.during(
                () -> Evaluator.evaluate(block, manager, preprocessor, data.heldOut(), recipe.testFlip()));
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
                logits = block.forward(parameterStore, new NDList(input), true).singletonOrThrow();
                NDArray loss = crossEntropy.of(logits, batch, step);
                value = loss.getFloat();
                if (!Float.isFinite(value)) {
                    return value;
                }
                gradients.backward(loss);
            }
            phase.step(learningRate);
            if (average != null) {
                average.update();
            }
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
                    "fit again with a lower learning rate than "
                            + recipe.optimizer().learningRate() + " (--lr)");
        }
    }
}
