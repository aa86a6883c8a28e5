package dev.glint.runtime.engine.glint;

import org.jspecify.annotations.Nullable;

/**
 * The weights of a convolution or dense layer, and what is to be done to them when they are read.
 *
 * @param constant (O, C / groups, KH, KW), or (O, features); (features, O) if they are transposed
 * @param outputs O
 * @param depth weights of each output
 * @param transposed whether the outputs come last
 * @param factors what the weights of each output are multiplied with; null for nothing
 */
record Weights(Constant constant, int outputs, int depth, boolean transposed, float @Nullable [] factors) {
    Weights {
        if (constant.elements() != (long) outputs * depth) {
            throw new UnsupportedGraph("weights of the shape " + constant.shape() + " where " + outputs + " times "
                    + depth + " are needed");
        }
    }
}
