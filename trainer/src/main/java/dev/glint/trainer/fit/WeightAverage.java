package dev.glint.trainer.fit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.nn.Parameter;
import dev.glint.trainer.engine.Scalars;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * An exponential moving average of a model's weights, running statistics of batch norm included: {@code a = d a + (1 -
 * d) w}. At first d is smaller, {@code (1 + n) / (10 + n)} after n steps, so that the random beginning is soon forgotten.
 */
final class WeightAverage {
    private static final String PREFIX = "average.";

    private final Map<String, Parameter> parameters;
    private final double decay;
    private final Scalars scalars;
    private final Map<String, NDArray> averages = new LinkedHashMap<>();
    private long steps;

    WeightAverage(Map<String, Parameter> parameters, double decay, NDManager manager) {
        this.parameters = parameters;
        this.decay = decay;
        this.scalars = new Scalars(manager);
        parameters.forEach((name, parameter) -> {
            NDArray copy = parameter.getArray().duplicate();
            copy.attach(manager);
            averages.put(name, copy);
        });
    }

    /** Takes in the weights after a step. */
    void update() {
        float share = (float) Math.min(decay, (1.0 + steps) / (10.0 + steps));
        steps++;
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray kept = scalars.number(share);
            NDArray taken = scalars.number(1 - share);
            averages.forEach((name, average) -> average.muli(kept)
                    .addi(Objects.requireNonNull(parameters.get(name))
                            .getArray()
                            .mul(taken)));
        }
    }

    /** Runs something while the model has the averages for weights, and gives it back its own. */
    <T> T during(Supplier<T> work) {
        swap();
        try {
            return work.get();
        } finally {
            swap();
        }
    }

    private void swap() {
        averages.forEach((name, average) -> {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray weight = Objects.requireNonNull(parameters.get(name)).getArray();
                NDArray own = weight.duplicate();
                // Zero first: an array's values can be replaced in place only by arithmetic.
                weight.muli(0).addi(average);
                average.muli(0).addi(own);
            }
        });
    }

    /** The averages, by the names of the weights. */
    Map<String, NDArray> weights() {
        return averages;
    }

    /** What a continued fit needs besides the number of steps. */
    Map<String, NDArray> state() {
        return Moments.prefixed(PREFIX, averages);
    }

    /** Goes on where another one stopped. */
    void restore(long newSteps, Map<String, float[]> state) {
        Moments.requireSameNames(state(), state);
        Moments.restore(averages, PREFIX, state);
        steps = newSteps;
    }
}
