package dev.glint.onnx.quantize.plan;

import dev.glint.onnx.quantize.plan.QuantizationPlan.Head;
import dev.glint.onnx.quantize.scheme.TensorScheme;

/**
 * A way to quantise: what the plan of a graph goes by.
 *
 * @param name of the variant, and of its file
 * @param activations how activations become integers
 * @param weights how weights do
 * @param head which layers at the end do, too
 */
public record Profile(String name, TensorScheme activations, TensorScheme weights, Head head) {

    /** Unsigned asymmetric activations, signed symmetric weights per channel: the fastest on x86 with VNNI, and right on ARM. */
    public static Profile int8(Head head) {
        return new Profile("int8", TensorScheme.ACTIVATION_U8, TensorScheme.WEIGHT_S8_PER_CHANNEL, head);
    }
}
