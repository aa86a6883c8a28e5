package dev.glint.trainer.fit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.glint.trainer.recipe.OptimizerSettings;
import java.util.Map;

/**
 * Makes a step out of the gradients of a model's parameters and leaves the gradients at 0. Its arrays belong to the
 * manager it was made with. For use by the thread that computes the gradients.
 */
sealed interface Optimizer permits SgdNesterov, Adam {

    /** An optimizer at its beginning. */
    static Optimizer create(OptimizerSettings settings, Map<String, TrainedParameter> parameters, NDManager manager) {
        switch (settings.kind()) {
            case SGD_NESTEROV:
                return new SgdNesterov(parameters, settings.momentum(), manager);
            case ADAM:
                return new Adam(parameters, settings.momentum(), false, manager);
            case ADAMW:
                return new Adam(parameters, settings.momentum(), true, manager);
            default:
                throw new IllegalArgumentException(settings.kind().toString());
        }
    }

    /** Changes every parameter. */
    void step(double learningRate);

    /**
     * What a continued fit needs besides the number of steps: arrays of the parameters' shapes, under names that hold the
     * parameters' names.
     */
    Map<String, NDArray> state();

    /** How many steps were made. */
    long steps();

    /**
     * Goes on where another optimizer of the same kind stopped.
     *
     * @param steps how many it had made
     * @param state the values of its {@link #state}, under the same names
     */
    void restore(long steps, Map<String, float[]> state);
}
