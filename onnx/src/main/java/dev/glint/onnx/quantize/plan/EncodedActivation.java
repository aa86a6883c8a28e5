package dev.glint.onnx.quantize.plan;

import dev.glint.onnx.quantize.scheme.TensorScheme;

/**
 * How an activation is to be encoded.
 *
 * @param scheme type, symmetry and granularity
 * @param decidedBy the value whose range decides the scale: mostly the activation itself
 * @param factor what that scale is multiplied by: 1 but for a value that has the bytes of another one, scaled
 */
public record EncodedActivation(TensorScheme scheme, String decidedBy, float factor) {
    public EncodedActivation {
        if (!(factor > 0) || !Float.isFinite(factor)) {
            throw new IllegalArgumentException("factor " + factor);
        }
    }
}
