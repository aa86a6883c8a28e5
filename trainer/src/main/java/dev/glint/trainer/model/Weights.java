package dev.glint.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.Arrays;
import java.util.Random;

/** Gives a block its weights, drawn or read. They come from Java, so that no engine's randomness decides them. */
public final class Weights {

    /** Where weights come from. */
    @FunctionalInterface
    public interface Source {
        /**
         * The values of one parameter, row by row.
         *
         * @param name as {@link StateDict} has it
         * @param type what the parameter is for
         * @param shape as PyTorch has it
         */
        float[] values(String name, Parameter.Type type, Shape shape);
    }

    private Weights() {}

    /**
     * Gives a block weights from a source, which is asked layer by layer.
     *
     * @param block not initialized yet
     * @param manager owns the weights
     * @param input (N, C, H, W); N does not matter
     */
    public static void initialize(Block block, NDManager manager, Shape input, Source source) {
        StateDict.parameters(block)
                .forEach((name, parameter) -> parameter.setInitializer((owner, shape, dataType) ->
                        array(source.values(name, parameter.getType(), shape), owner, shape)));
        block.initialize(manager, DataType.FLOAT32, input);
    }

    /**
     * Gives a block its first weights, {@link #drawn}.
     *
     * @param block not initialized yet
     * @param manager owns the weights
     * @param input (N, C, H, W); N does not matter
     * @param random drawn from layer by layer
     */
    public static void initialize(Block block, NDManager manager, Shape input, Random random) {
        initialize(block, manager, input, drawn(random));
    }

    /**
     * First weights: those of convolutions and linear layers uniform in +-sqrt(6 / fan-in) (He et al., "Delving Deep into
     * Rectifiers", 2015), biases 0, batch norm the identity.
     *
     * @param random drawn from layer by layer
     */
    public static Source drawn(Random random) {
        return (name, type, shape) -> {
            float[] values = new float[Math.toIntExact(shape.size())];
            if (type == Parameter.Type.WEIGHT) {
                fillHeUniform(values, shape, random);
            } else if (type == Parameter.Type.GAMMA || type == Parameter.Type.RUNNING_VAR) {
                Arrays.fill(values, 1f);
            }
            return values;
        };
    }

    private static void fillHeUniform(float[] values, Shape shape, Random random) {
        // Shapes are (out, in, ...): what one output value sums over is everything behind the first dimension.
        double bound = Math.sqrt(6.0 / shape.slice(1).size());
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
    }

    private static NDArray array(float[] values, NDManager owner, Shape shape) {
        try (NDArray borrowed = owner.create(values, shape)) {
            // The engine's own memory, instead of a buffer of Java's.
            return borrowed.duplicate();
        }
    }
}
