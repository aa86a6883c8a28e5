package dev.glint.classify.kernels;

import dev.glint.runtime.engine.glint.FloatConvolution;

/**
 * One of floats.
 *
 * @param convolution what C has packed
 */
record LinkedFloatConvolution(LinkedConvolution convolution) implements FloatConvolution {
    @Override
    public int workspaceFloats() {
        return convolution.workspace(Float.BYTES);
    }

    @Override
    public void run(float[] input, float[] output, float[] workspace) {
        convolution.run(input, output, workspace);
    }

    @Override
    public void close() {
        convolution.close();
    }
}
