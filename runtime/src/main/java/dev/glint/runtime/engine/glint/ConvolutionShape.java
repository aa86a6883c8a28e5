package dev.glint.runtime.engine.glint;

/**
 * The sizes of a convolution. A dense layer is one of a single pixel, or, behind a flattening, one whose window is the whole
 * input. Depthwise is {@code groups == input.channels()}.
 *
 * @param input what it takes
 * @param output what it gives
 * @param window what it looks at
 * @param groups into how many equal parts the channels of input and output are cut, each part of the output seeing its own
 *     part of the input
 */
public record ConvolutionShape(FeatureMap input, FeatureMap output, Window window, int groups) {
    public ConvolutionShape {
        if (groups < 1 || input.channels() % groups != 0 || output.channels() % groups != 0) {
            throw new IllegalArgumentException(input + " to " + output + " in " + groups + " groups");
        }
        long weights = (long) window.size() * (input.channels() / groups) * output.channels();
        if ((long) window.size() * (input.channels() / groups) > FeatureMap.MAX_SIZE || weights > 1 << 29) {
            throw new IllegalArgumentException("a convolution with " + weights + " weights");
        }
    }

    /** Input channels that one output channel sees. */
    public int groupInputs() {
        return input.channels() / groups;
    }

    /** Output channels of a group. */
    public int groupOutputs() {
        return output.channels() / groups;
    }

    /** Weights of one output channel: what is summed for one output value. */
    public int depth() {
        return groupInputs() * window.size();
    }

    /** How many weights there are. */
    public int weights() {
        return depth() * output.channels();
    }

    /** Products that are summed for one picture, those with padding counted in. */
    public long multiplyAdds() {
        return (long) depth() * output.size();
    }
}
