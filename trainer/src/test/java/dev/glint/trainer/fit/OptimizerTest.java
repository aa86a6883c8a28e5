package dev.glint.trainer.fit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.recipe.OptimizerSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The optimizers against their recurrences, written again in double precision. */
class OptimizerTest {
    private static final double[] START = {0.5, -1.25, 3.0};
    private static final double[] RATES = {0.1, 0.05, 0.2, 0.01};
    /** The gradient of each step. */
    private static final double[][] GRADIENTS = {{1, -2, 0.5}, {0, 0, 0}, {-3, 0.25, 1e-4}, {10, 1, -1}};

    @Test
    void nesterovFollowsItsRecurrence() {
        double[] weights = START.clone();
        double[] velocity = new double[3];
        for (int step = 0; step < GRADIENTS.length; step++) {
            for (int i = 0; i < 3; i++) {
                double d = GRADIENTS[step][i] + 0.01 * weights[i];
                velocity[i] = 0.9 * velocity[i] + d;
                weights[i] -= RATES[step] * (d + 0.9 * velocity[i]);
            }
        }
        Outcome outcome = run(manager -> parameters -> new SgdNesterov(trained(parameters, 0.01), 0.9, manager));
        assertClose(weights, outcome.weights);
        assertClose(velocity, outcome.state.get("momentum.w"));
        assertEquals(1, outcome.state.size());
    }

    @Test
    void adamFollowsItsRecurrence() {
        for (double decay : new double[] {0, 0.01}) {
            double[] weights = START.clone();
            double[] mean = new double[3];
            double[] square = new double[3];
            for (int step = 0; step < GRADIENTS.length; step++) {
                for (int i = 0; i < 3; i++) {
                    double g = GRADIENTS[step][i] + decay * weights[i];
                    mean[i] = 0.9 * mean[i] + 0.1 * g;
                    square[i] = 0.999 * square[i] + 0.001 * g * g;
                    double meanHat = mean[i] / (1 - Math.pow(0.9, step + 1));
                    double squareHat = square[i] / (1 - Math.pow(0.999, step + 1));
                    weights[i] -= RATES[step] * meanHat / (Math.sqrt(squareHat) + 1e-8);
                }
            }
            Outcome outcome = run(manager -> parameters -> new Adam(trained(parameters, decay), 0.9, false, manager));
            assertClose(weights, outcome.weights);
            assertClose(mean, outcome.state.get("exp_avg.w"));
            assertClose(square, outcome.state.get("exp_avg_sq.w"));
            assertEquals(2, outcome.state.size());
        }
    }

    @Test
    void adamWTakesTheDecayFromTheWeight() {
        double[] weights = START.clone();
        double[] mean = new double[3];
        double[] square = new double[3];
        for (int step = 0; step < GRADIENTS.length; step++) {
            for (int i = 0; i < 3; i++) {
                double g = GRADIENTS[step][i];
                weights[i] -= RATES[step] * 0.3 * weights[i];
                mean[i] = 0.8 * mean[i] + 0.2 * g;
                square[i] = 0.999 * square[i] + 0.001 * g * g;
                double meanHat = mean[i] / (1 - Math.pow(0.8, step + 1));
                double squareHat = square[i] / (1 - Math.pow(0.999, step + 1));
                weights[i] -= RATES[step] * meanHat / (Math.sqrt(squareHat) + 1e-8);
            }
        }
        Outcome outcome = run(manager -> parameters -> new Adam(trained(parameters, 0.3), 0.8, true, manager));
        assertClose(weights, outcome.weights);
        assertClose(mean, outcome.state.get("exp_avg.w"));
    }

    @Test
    void aParameterMayHaveARateOfItsOwn() {
        Outcome whole = run(manager -> parameters -> new SgdNesterov(trained(parameters, 0), 0, manager));
        Outcome half = run(manager -> parameters ->
                new SgdNesterov(Map.of("w", new TrainedParameter(parameters.get("w"), 0.5, 0)), 0, manager));
        for (int i = 0; i < 3; i++) {
            assertEquals((whole.weights[i] - START[i]) / 2, half.weights[i] - START[i], 1e-6);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRestoredOneGoesOnBitForBit(OptimizerSettings.Kind kind) {
        OptimizerSettings settings = OptimizerSettings.plain(kind, 0.1, 0.01);
        try (NDManager manager = TorchEngine.newManager(1)) {
            Map<String, Parameter> straight = Map.of("w", parameter(manager, floats(START), true));
            Optimizer first = Optimizer.create(settings, trained(straight, 0.01), manager);
            step(first, straight, manager, 0);
            step(first, straight, manager, 2);
            Map<String, float[]> state = new LinkedHashMap<>();
            first.state().forEach((name, array) -> state.put(name, array.toFloatArray()));
            float[] weights = straight.get("w").getArray().toFloatArray();
            Map<String, Parameter> continued = Map.of("w", parameter(manager, weights, true));
            Optimizer second = Optimizer.create(settings, trained(continued, 0.01), manager);
            second.restore(first.steps(), state);
            assertEquals(2, second.steps());
            step(first, straight, manager, 3);
            step(second, continued, manager, 3);
            assertArrayEquals(
                    straight.get("w").getArray().toFloatArray(),
                    continued.get("w").getArray().toFloatArray());
            state.remove(state.keySet().iterator().next());
            assertThrows(IllegalArgumentException.class, () -> second.restore(2, state));
        }
    }

    private static void step(Optimizer optimizer, Map<String, Parameter> parameters, NDManager manager, int step) {
        try (NDManager scope = manager.newSubManager()) {
            NDArray factor = scope.create(floats(GRADIENTS[step]));
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                collector.backward(factor.mul(parameters.get("w").getArray()).sum());
            }
            optimizer.step(RATES[step]);
        }
    }

    /** As a fit treats them: only what requires a gradient. */
    private static Map<String, TrainedParameter> trained(Map<String, Parameter> parameters, double weightDecay) {
        Map<String, TrainedParameter> trained = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> {
            if (parameter.requiresGradient()) {
                trained.put(name, new TrainedParameter(parameter, 1, weightDecay));
            }
        });
        return trained;
    }

    private record Outcome(float[] weights, Map<String, float[]> state) {}

    private static Outcome run(Function<NDManager, Function<Map<String, Parameter>, Optimizer>> maker) {
        try (NDManager manager = TorchEngine.newManager(1)) {
            Map<String, Parameter> parameters = new LinkedHashMap<>();
            parameters.put("w", parameter(manager, floats(START), true));
            parameters.put("running", parameter(manager, floats(START), false));
            Optimizer optimizer = maker.apply(manager).apply(parameters);
            NDArray weights = parameters.get("w").getArray();
            int arrays = -1;
            for (int step = 0; step < GRADIENTS.length; step++) {
                step(optimizer, parameters, manager, step);
                if (step > 0) {
                    assertEquals(arrays, manager.getManagedArrays().size(), "a step leaves no arrays behind");
                }
                arrays = manager.getManagedArrays().size();
            }
            assertEquals(GRADIENTS.length, optimizer.steps());
            assertArrayEquals(
                    floats(START), parameters.get("running").getArray().toFloatArray(), "what is not trained stays");
            Map<String, float[]> state = new LinkedHashMap<>();
            optimizer.state().forEach((name, array) -> state.put(name, array.toFloatArray()));
            return new Outcome(weights.toFloatArray(), state);
        }
    }

    private static Parameter parameter(NDManager manager, float[] values, boolean trained) {
        NDArray array = manager.create(values);
        array.setRequiresGradient(trained);
        Parameter parameter = Parameter.builder()
                .setName("w")
                .setType(trained ? Parameter.Type.WEIGHT : Parameter.Type.RUNNING_MEAN)
                .optRequiresGrad(trained)
                .build();
        parameter.setArray(array);
        return parameter;
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static void assertClose(double[] expected, float[] actual) {
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 2e-6 * Math.max(1, Math.abs(expected[i])), "value " + i);
        }
    }
}
