package dev.glint.trainer.fit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.nn.Parameter;
import java.util.Map;

/**
 * Stochastic gradient descent with Nesterov momentum (Sutskever et al., "On the Importance of Initialization and Momentum
 * in Deep Learning", 2013) in PyTorch's form: {@code d = g + decay w; v = 0.9 v + d; w = w - rate (d + 0.9 v)}.
 */
final class SgdNesterov implements Optimizer {
    private static final String VELOCITY = "momentum.";
    private static final float MOMENTUM = 0.9f;

    private final Map<String, Parameter> parameters;
    private final Map<String, NDArray> velocities;
    private final float weightDecay;
    private long steps;

    SgdNesterov(Map<String, Parameter> parameters, double weightDecay, NDManager manager) {
        this.parameters = parameters;
        this.velocities = Moments.zeros(parameters, manager);
        this.weightDecay = (float) weightDecay;
    }

    @Override
    public void step(double learningRate) {
        velocities.forEach((name, velocity) -> {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray weight = parameters.get(name).getArray();
                NDArray gradient = weight.getGradient();
                if (weightDecay != 0) {
                    gradient.addi(weight.mul(weightDecay));
                }
                velocity.muli(MOMENTUM).addi(gradient);
                gradient.addi(velocity.mul(MOMENTUM));
                weight.subi(gradient.muli((float) learningRate));
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
    public void restore(long steps, Map<String, float[]> state) {
        Moments.requireSameNames(state(), state);
        Moments.restore(velocities, VELOCITY, state);
        this.steps = steps;
    }
}
