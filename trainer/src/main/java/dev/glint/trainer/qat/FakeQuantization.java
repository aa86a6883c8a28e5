package dev.glint.trainer.qat;

import ai.djl.ndarray.NDArray;
import dev.glint.trainer.engine.TorchFunction;
import java.util.List;
import java.util.stream.Stream;

/**
 * Rounds arrays as integers do and leaves them floats. Gradients pass as if nothing was rounded, and stop at what is cut
 * off: the straight-through estimator (Bengio et al., "Estimating or Propagating Gradients Through Stochastic Neurons",
 * 2013; Jacob et al., "Quantization and Training of Neural Networks", 2018).
 */
final class FakeQuantization {
    /** The factor of the scale's gradient is that of Esser et al., "Learned Step Size Quantization", 2020. */
    private static final TorchFunction ACTIVATION = TorchFunction.compile(
            List.of("x", "log_scale", "zero_point"),
            "factor = torch.div(1., torch.sqrt(torch.mul(torch.numel(x), 255.)))",
            "return torch._fake_quantize_learnable_per_tensor_affine(x, torch.exp(log_scale), zero_point, 0, 255, factor)");

    private static final List<String> LAYER = List.of("weight", "bias", "log_input_scale", "least");

    /** As {@code WeightEncoding}: the largest weight over 127, but no less than what a bias of 32 bits needs. */
    private static final String[] LAYER_SCALE = {
        "rows = torch.reshape(torch.detach(weight), [torch.size(weight, 0), -1])",
        "largest = torch.div(torch.amax(torch.abs(rows), [1]), 127.)",
        "input_scale = torch.exp(torch.detach(log_input_scale))",
        "for_bias = torch.div(torch.div(torch.abs(torch.detach(bias)), 1073741824.), input_scale)",
        "scale = torch.maximum(torch.maximum(largest, for_bias), least)",
    };

    private static final TorchFunction WEIGHT = layer(
            "zero_point = torch.zeros_like(scale, dtype=3)",
            "return torch.fake_quantize_per_channel_affine(weight, scale, zero_point, 0, -127, 127)");

    private static final TorchFunction BIAS = layer(
            "step = torch.mul(scale, input_scale)",
            "rounded = torch.mul(torch.round(torch.div(torch.detach(bias), step)), step)",
            "return torch.add(bias, torch.sub(rounded, torch.detach(bias)))");

    private static TorchFunction layer(String... lines) {
        return TorchFunction.compile(
                LAYER, Stream.of(LAYER_SCALE, lines).flatMap(Stream::of).toArray(String[]::new));
    }

    private FakeQuantization() {}

    /**
     * An activation as unsigned bytes.
     *
     * @param logScale the natural logarithm of the scale, one float, which takes a gradient too
     * @param zeroPoint one float
     */
    static NDArray activation(NDArray x, NDArray logScale, NDArray zeroPoint, boolean training) {
        return ACTIVATION.apply(training, x, logScale, zeroPoint);
    }

    /**
     * The weights of a layer as signed bytes with a scale per output channel.
     *
     * @param layer its weight (out, ...), its bias (out), the natural logarithm of its input's scale (one float), and the
     *     smallest scale that it may have (one float)
     */
    static NDArray weight(List<NDArray> layer, boolean training) {
        return WEIGHT.apply(training, layer.toArray(NDArray[]::new));
    }

    /** The bias of a layer, described as for {@link #weight}, as integers of 32 bits in steps of the products. */
    static NDArray bias(List<NDArray> layer, boolean training) {
        return BIAS.apply(training, layer.toArray(NDArray[]::new));
    }
}
