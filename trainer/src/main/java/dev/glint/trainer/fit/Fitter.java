package dev.glint.trainer.fit;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.augment.Augmentations;
import dev.glint.trainer.data.BatchPlan;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.data.RandomStream;
import dev.glint.trainer.model.Dropout;
import dev.glint.trainer.recipe.Recipe;
import dev.glint.trainer.weights.block.StateDict;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Fits a block to pictures, epoch by epoch. All work is done by the thread that calls, since the engine's gradient mode
 * belongs to a thread. The block's weights belong to the caller.
 */
public final class Fitter {
    private final Block block;
    private final PictureSource training;
    private final PictureSource heldOut;
    private final @Nullable String hostReason;
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
     * A fit at its beginning, with its pictures on the device if that is a GPU and they can live there.
     *
     * @param block initialized, on the device of the manager
     * @param seed with the epoch decides the order of the pictures and their augmentation
     * @param manager owns the optimizer's arrays and what else is kept on the device
     */
    public Fitter(Block block, DataSplit data, Preprocessor preprocessor, Recipe recipe, long seed, NDManager manager) {
        this(
                block,
                data,
                preprocessor,
                recipe,
                seed,
                manager,
                manager.getDevice().isGpu());
    }

    /**
     * A fit at its beginning.
     *
     * @param resident whether pictures live on the device if they can
     */
    Fitter(
            Block block,
            DataSplit data,
            Preprocessor preprocessor,
            Recipe recipe,
            long seed,
            NDManager manager,
            boolean resident) {
        this.block = block;
        this.recipe = recipe;
        PreprocessContract contract = preprocessor.contract();
        this.hostReason = resident
                ? DevicePictures.obstacle(data.train(), contract, recipe.augmentations())
                        .orElse(null)
                : null;
        this.training = resident && hostReason == null
                ? new DevicePictures(data.train(), preprocessor, manager)
                : new HostPictures(data.train(), preprocessor);
        this.heldOut = resident
                        && DevicePictures.obstacle(data.heldOut(), contract, Augmentations.NONE)
                                .isEmpty()
                ? new DevicePictures(data.heldOut(), preprocessor, manager)
                : new HostPictures(data.heldOut(), preprocessor);
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
        return Phase.open(recipe, epoch, stepsPerEpoch(), parameters, trainable, StateDict.head(block), manager);
    }

    /** How many steps an epoch takes. */
    public int stepsPerEpoch() {
        return new BatchPlan(training.size(), recipe.batchSize()).batches();
    }

    /** Why the training pictures do not live on the GPU where the fit has one: in words for a person. */
    public Optional<String> hostReason() {
        return Optional.ofNullable(hostReason);
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
     * @throws GlintException ({@code GATE}) if the loss of a step or of the held-out pictures is no finite number
     */
    public EpochMetrics epoch(IntConsumer progress) {
        int epoch = epochs + 1;
        long start = System.nanoTime();
        if (epoch > 1 && Phase.begins(recipe, epoch)) {
            phase.close();
            phase = phaseOf(epoch);
        }
        Dropout.reseed(block, RandomStream.DROPOUT.open(seed, epoch));
        double learningRate = 0;
        Score trainScore;
        try (Batches batches = batches(epoch);
                StepResults results = StepResults.forDevice(manager)) {
            int step = 0;
            for (InputBatch batch = batches.next(); batch != null; batch = batches.next()) {
                learningRate = phase.learningRate();
                requireFinite(step(batch, learningRate, results), results);
                progress.accept(++step);
            }
            requireFinite(results.read(), results);
            trainScore = results.score();
        }
        long trained = System.nanoTime();
        Score heldOutScore = judge();
        if (!Double.isFinite(heldOutScore.loss())) {
            throw diverged("a held-out loss of " + heldOutScore.loss() + " after epoch " + epoch);
        }
        epochs = epoch;
        return new EpochMetrics(
                epoch, trainScore, heldOutScore, learningRate, trained - start, System.nanoTime() - trained);
    }

    private Score judge() {
        if (average == null) {
            return Evaluator.evaluate(block, manager, heldOut, recipe.testFlip());
        }
        return average.during(() -> Evaluator.evaluate(block, manager, heldOut, recipe.testFlip()));
    }

    /**
     * Makes one step, unless it is known that its loss, or one before it, is no finite number.
     *
     * @param results takes the loss and the answers before the step
     * @return whether the losses that are known are finite numbers
     */
    boolean step(InputBatch batch, double learningRate, StepResults results) {
        try (NDManager step = manager.newSubManager()) {
            NDArray input = batch.input().apply(step);
            try (GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
                NDArray logits =
                        block.forward(parameterStore, new NDList(input), true).singletonOrThrow();
                NDArray loss = crossEntropy.loss(logits, batch, step);
                if (!results.add(loss, logits, batch.labels())) {
                    return false;
                }
                gradients.backward(loss);
            }
            phase.step(learningRate);
            if (average != null) {
                average.update();
            }
            return true;
        }
    }

    /** Takes what steps give, and reads it after each step. */
    StepResults readAtOnce() {
        return new StepResults(manager, 1);
    }

    /** The training pictures in the order of an epoch, as its steps take them. */
    Batches batches(int epoch) {
        return training.ofEpoch(recipe.batchSize(), seed, epoch, recipe.augmentations());
    }

    private void requireFinite(boolean finite, StepResults results) {
        if (!finite) {
            throw diverged("a loss of " + results.loss() + " in step " + results.steps() + " of epoch " + (epochs + 1));
        }
    }

    private GlintException diverged(String found) {
        return GlintException.failure(
                Reason.GATE,
                found,
                "a finite one",
                "fit again with a lower learning rate than "
                        + recipe.optimizer().learningRate() + " (--lr)");
    }
}
