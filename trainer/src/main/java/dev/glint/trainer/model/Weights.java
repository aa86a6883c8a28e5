package dev.glint.trainer.model;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import java.util.Map;
import java.util.Random;

/** The first weights of a block. They come from Java's randomness, so that no engine decides them. */
public final class Weights {
    private Weights() {}

    /**
     * Gives a block its arrays, with every value 0, for weights that are about to be loaded.
     *
     * @param input (N, C, H, W); N does not matter
     */
    public static void allocate(Block block, NDManager manager, Shape input) {
        StateDict.parameters(block).values().forEach(parameter -> parameter.setInitializer(Initializer.ZEROS));
        block.initialize(manager, DataType.FLOAT32, input);
    }

    /**
     * Gives a block its first weights: convolution and linear weights uniform in +-sqrt(6 / fan-in) (He et al.,
     * "Delving Deep into Rectifiers", 2015), biases 0, batch norm the identity.
     *
     * @param input (N, C, H, W); N does not matter
     */
    public static void initialize(Block block, NDManager manager, Shape input, Random random) {
        allocate(block, manager, input);
        for (Map.Entry<String, Parameter> entry : StateDict.parameters(block).entrySet()) {
            Parameter parameter = entry.getValue();
            switch (parameter.getType()) {
                case WEIGHT:
                    parameter.getArray().set(heUniform(parameter.getShape(), random));
                    break;
                case GAMMA:
                case RUNNING_VAR:
                    parameter.getArray().set(ones(parameter.getShape()));
                    break;
                default:
                    break;
            }
        }
    }

    private static float[] heUniform(Shape shape, Random random) {
        // Shapes are (out, in, ...): what one output value sums over is everything behind the first dimension.
        double bound = Math.sqrt(6.0 / shape.slice(1).size());
        float[] values = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
        return values;
    }

    private static float[] ones(Shape shape) {
        float[] values = new float[Math.toIntExact(shape.size())];
        java.util.Arrays.fill(values, 1f);
        return values;
    }
}
