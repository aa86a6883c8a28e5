package dev.glint.trainer.fit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.nn.Parameter;
import java.util.LinkedHashMap;
import java.util.Map;

/** Adam (Kingma, Ba, "Adam: A Method for Stochastic Optimization", 2015) in PyTorch's form, with bias correction. */
final class Adam implements Optimizer {
    private static final String MEAN = "exp_avg.";
    private static final String SQUARE = "exp_avg_sq.";
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final float EPSILON = 1e-8f;

    private final Map<String, Parameter> parameters;
    private final Map<String, NDArray> means;
    private final Map<String, NDArray> squares;
    private final float weightDecay;
    private long steps;

    Adam(Map<String, Parameter> parameters, double weightDecay, NDManager manager) {
        this.parameters = parameters;
        this.means = Moments.zeros(parameters, manager);
        this.squares = Moments.zeros(parameters, manager);
        this.weightDecay = (float) weightDecay;
    }

    @Override
    public void step(double learningRate) {
        steps++;
        float rate = (float) (learningRate / (1 - Math.pow(BETA1, steps)));
        float correction = (float) (1 / Math.sqrt(1 - Math.pow(BETA2, steps)));
        means.forEach((name, mean) -> {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray weight = parameters.get(name).getArray();
                NDArray gradient = weight.getGradient();
                if (weightDecay != 0) {
                    gradient.addi(weight.mul(weightDecay));
                }
                NDArray square = squares.get(name);
                square.muli((float) BETA2).addi(gradient.square().muli((float) (1 - BETA2)));
                mean.muli((float) BETA1).addi(gradient.mul((float) (1 - BETA1)));
                NDArray deviation = square.sqrt().muli(correction).addi(EPSILON);
                weight.subi(mean.div(deviation).muli(rate));
                gradient.subi(gradient);
            }
        });
    }

    @Override
    public Map<String, NDArray> state() {
        Map<String, NDArray> state = new LinkedHashMap<>(Moments.prefixed(MEAN, means));
        state.putAll(Moments.prefixed(SQUARE, squares));
        return state;
    }

    @Override
    public long steps() {
        return steps;
    }

    @Override
    public void restore(long steps, Map<String, float[]> state) {
        Moments.requireSameNames(state(), state);
        Moments.restore(means, MEAN, state);
        Moments.restore(squares, SQUARE, state);
        this.steps = steps;
    }
}
