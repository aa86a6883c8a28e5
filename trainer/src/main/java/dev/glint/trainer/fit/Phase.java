package dev.glint.trainer.fit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import dev.glint.trainer.engine.Scalars;
import dev.glint.trainer.recipe.LearningRateSchedule;
import dev.glint.trainer.recipe.Recipe;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Some epochs of a fit in which the same parameters change: those with a frozen backbone, or the others. Each phase has an
 * optimizer of its own and goes through the whole schedule.
 */
final class Phase implements AutoCloseable {
    private final int firstEpoch;
    private final int stepsPerEpoch;
    private final double clipNorm;
    private final NDManager manager;
    private final Scalars scalars;
    private final Map<String, TrainedParameter> parameters;
    private final Optimizer optimizer;
    private final LearningRateSchedule schedule;

    private Phase(
            Recipe recipe,
            Map<String, TrainedParameter> parameters,
            PhaseSpan span,
            int stepsPerEpoch,
            NDManager owner) {
        this.firstEpoch = span.firstEpoch();
        this.stepsPerEpoch = stepsPerEpoch;
        this.clipNorm = recipe.optimizer().clipNorm();
        this.manager = owner.newSubManager();
        this.scalars = new Scalars(manager);
        this.parameters = parameters;
        this.optimizer = Optimizer.create(recipe.optimizer(), parameters, manager);
        this.schedule = span.schedule(recipe, stepsPerEpoch);
    }

    /** Whether an epoch is the first one of a phase. */
    static boolean begins(Recipe recipe, int epoch) {
        return epoch == PhaseSpan.containing(recipe, epoch).firstEpoch();
    }

    /**
     * Opens the phase of an epoch at its beginning, and freezes or thaws parameters as it wants.
     *
     * @param parameters all of the block, by name
     * @param trainable the names of those that may ever change
     * @param head the name of the layer that gives the logits
     * @param owner owns the phase's arrays
     */
    static Phase open(
            Recipe recipe,
            int epoch,
            int stepsPerEpoch,
            Map<String, Parameter> parameters,
            Set<String> trainable,
            String head,
            NDManager owner) {
        PhaseSpan span = PhaseSpan.containing(recipe, epoch);
        for (String name : trainable) {
            Parameter parameter = Objects.requireNonNull(parameters.get(name));
            boolean ofBatchNorm =
                    parameter.getType() == Parameter.Type.GAMMA || parameter.getType() == Parameter.Type.BETA;
            boolean stays = !name.startsWith(head + ".")
                    && (span.frozen() || (recipe.fineTuning().frozenBatchNorm() && ofBatchNorm));
            parameter.freeze(stays);
        }
        return new Phase(recipe, TrainedParameter.select(recipe, parameters, head), span, stepsPerEpoch, owner);
    }

    /** The learning rate of the next step. */
    double learningRate() {
        return schedule.rate(optimizer.steps());
    }

    /** Makes a step out of the gradients. */
    void step(double learningRate) {
        if (clipNorm > 0) {
            GradientNorm.clip(parameters.values(), clipNorm, scalars);
        }
        optimizer.step(learningRate);
    }

    /** What a continued fit needs besides the weights. */
    Map<String, NDArray> state() {
        return optimizer.state();
    }

    /**
     * Goes on behind an epoch.
     *
     * @param state the values of its {@link #state}, under the same names
     */
    void restore(int epochsDone, Map<String, float[]> state) {
        optimizer.restore((long) (epochsDone - firstEpoch + 1) * stepsPerEpoch, state);
    }

    @Override
    public void close() {
        manager.close();
    }
}
