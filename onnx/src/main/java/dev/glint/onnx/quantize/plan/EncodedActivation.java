package dev.glint.onnx.quantize.plan;

import dev.glint.onnx.quantize.scheme.TensorScheme;

/**
 * How an activation is to be encoded.
 *
 * @param scheme type, symmetry and granularity
 * @param decidedBy the value whose range decides the scale: mostly the activation itself
 */
public record EncodedActivation(TensorScheme scheme, String decidedBy) {}
