package dev.glint.runtime.engine.glint;

/**
 * A factor and a summand for each channel.
 *
 * @param factors one for each channel
 * @param offsets one for each channel
 */
record Affine(float[] factors, float[] offsets) {

    /** What BatchNormalization does once a network is fitted. */
    static Affine read(PlanBuilder plan, NodeReader node, int channels) {
        node.requireWhole("training_mode", 0, 0);
        float[] scale = vector(plan, node, 1, channels);
        float[] shift = vector(plan, node, 2, channels);
        float[] mean = vector(plan, node, 3, channels);
        float[] variance = vector(plan, node, 4, channels);
        float epsilon = node.real("epsilon", 1e-5f);
        float[] factors = new float[channels];
        float[] offsets = new float[channels];
        for (int i = 0; i < channels; i++) {
            factors[i] = (float) (scale[i] / Math.sqrt((double) variance[i] + epsilon));
            offsets[i] = shift[i] - mean[i] * factors[i];
        }
        return new Affine(factors, offsets);
    }

    private static float[] vector(PlanBuilder plan, NodeReader node, int input, int channels) {
        float[] values = plan.constant(node.input(input)).floats();
        if (values.length != channels) {
            throw new UnsupportedGraph(values.length + " numbers for " + channels + " channels in " + node.operator());
        }
        return values;
    }

    Weights fold(Weights weights) {
        float[] products = factors.clone();
        float[] before = weights.factors();
        for (int i = 0; before != null && i < products.length; i++) {
            products[i] *= before[i];
        }
        return new Weights(weights.constant(), weights.outputs(), weights.depth(), weights.transposed(), products);
    }

    float[] fold(float[] bias) {
        float[] folded = new float[bias.length];
        for (int i = 0; i < bias.length; i++) {
            folded[i] = bias[i] * factors[i] + offsets[i];
        }
        return folded;
    }
}
