package dev.glint.trainer.fit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.glint.trainer.engine.Scalars;
import java.util.Map;
import java.util.Objects;

/**
 * Stochastic gradient descent with Nesterov momentum (Sutskever et al., "On the Importance of Initialization and Momentum
 * in Deep Learning", 2013) in PyTorch's form: {@code d = g + decay w; v = m v + d; w = w - rate (d + m v)}.
 */
final class SgdNesterov implements Optimizer {
    private static final String VELOCITY = "momentum.";

    private final Map<String, TrainedParameter> parameters;
    private final Map<String, NDArray> velocities;
    private final Scalars scalars;
    private final NDArray momentum;
    private long steps;

    SgdNesterov(Map<String, TrainedParameter> parameters, double momentum, NDManager manager) {
        this.parameters = parameters;
        this.scalars = new Scalars(manager);
        this.momentum = scalars.number(momentum);
        this.velocities = Moments.zeros(parameters, manager);
    }

    @Override
    public void step(double learningRate) {
        parameters.forEach((name, trained) -> {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray velocity = Objects.requireNonNull(velocities.get(name));
                NDArray weight = trained.parameter().getArray();
                NDArray gradient = weight.getGradient();
                if (trained.weightDecay() != 0) {
                    gradient.addi(weight.mul(scalars.number(trained.weightDecay())));
                }
                velocity.muli(momentum).addi(gradient);
                gradient.addi(velocity.mul(momentum));
                weight.subi(gradient.muli(scalars.number(learningRate * trained.rate())));
                gradient.subi(gradient);
            }
        });
        steps++;
    }

    @Override
    public Map<String, NDArray> state() {
        return Moments.prefixed(VELOCITY, velocities);
    }

    @Override
    public long steps() {
        return steps;
    }

    @Override
    public void restore(long newSteps, Map<String, float[]> state) {
        Moments.requireSameNames(state(), state);
        Moments.restore(velocities, VELOCITY, state);
        steps = newSteps;
    }
}
