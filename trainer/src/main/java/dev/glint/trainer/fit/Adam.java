package dev.glint.trainer.fit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.glint.trainer.engine.Scalars;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Adam (Kingma, Ba, "Adam: A Method for Stochastic Optimization", 2015) and AdamW (Loshchilov, Hutter, "Decoupled Weight
 * Decay Regularization", 2019) in PyTorch's form, with bias correction. Adam adds {@code decay w} to the gradient; AdamW
 * takes {@code rate decay w} from the weight before the step.
 */
final class Adam implements Optimizer {
    private static final String MEAN = "exp_avg.";
    private static final String SQUARE = "exp_avg_sq.";
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private final Map<String, TrainedParameter> parameters;
    private final double beta1;
    private final boolean decoupled;
    private final Scalars scalars;
    private final Map<String, NDArray> means;
    private final Map<String, NDArray> squares;
    private long steps;

    Adam(Map<String, TrainedParameter> parameters, double beta1, boolean decoupled, NDManager manager) {
        this.parameters = parameters;
        this.beta1 = beta1;
        this.decoupled = decoupled;
        this.scalars = new Scalars(manager);
        this.means = Moments.zeros(parameters, manager);
        this.squares = Moments.zeros(parameters, manager);
    }

    @Override
    public void step(double learningRate) {
        steps++;
        double rate = learningRate / (1 - Math.pow(beta1, (double) steps));
        double correction = 1 / Math.sqrt(1 - Math.pow(BETA2, (double) steps));
        parameters.forEach((name, trained) -> {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray weight = trained.parameter().getArray();
                NDArray gradient = weight.getGradient();
                decay(weight, gradient, trained, learningRate);
                NDArray square = Objects.requireNonNull(squares.get(name));
                NDArray mean = Objects.requireNonNull(means.get(name));
                square.muli(scalars.number(BETA2)).addi(gradient.square().muli(scalars.number(1 - BETA2)));
                mean.muli(scalars.number(beta1)).addi(gradient.mul(scalars.number(1 - beta1)));
                NDArray deviation =
                        square.sqrt().muli(scalars.number(correction)).addi(scalars.number(EPSILON));
                weight.subi(mean.div(deviation).muli(scalars.number(rate * trained.rate())));
                gradient.subi(gradient);
            }
        });
    }

    private void decay(NDArray weight, NDArray gradient, TrainedParameter trained, double learningRate) {
        if (trained.weightDecay() == 0) {
            return;
        }
        if (decoupled) {
            weight.muli(scalars.number(1 - learningRate * trained.rate() * trained.weightDecay()));
        } else {
            gradient.addi(weight.mul(scalars.number(trained.weightDecay())));
        }
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
    public void restore(long newSteps, Map<String, float[]> state) {
        Moments.requireSameNames(state(), state);
        Moments.restore(means, MEAN, state);
        Moments.restore(squares, SQUARE, state);
        steps = newSteps;
    }
}
