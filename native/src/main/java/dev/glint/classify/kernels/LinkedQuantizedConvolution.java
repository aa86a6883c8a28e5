package dev.glint.classify.kernels;

import dev.glint.runtime.engine.glint.QuantizedConvolution;

/**
 * One of bytes.
 *
 * @param convolution what C has packed
 */
record LinkedQuantizedConvolution(LinkedConvolution convolution) implements QuantizedConvolution {
    @Override
    public int workspaceBytes() {
        return convolution.workspace(1);
    }

    @Override
    public void run(byte[] input, byte[] output, byte[] workspace) {
        convolution.run(input, output, workspace);
    }

    @Override
    public void close() {
        convolution.close();
    }
}
