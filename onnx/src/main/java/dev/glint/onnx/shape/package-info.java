/**
 * What can be known of a graph without running it: {@link dev.glint.onnx.shape.ShapeInference} finds the shapes of values, a free
 * batch among them, and what small integer tensors hold; {@link dev.glint.onnx.shape.ConstantEvaluator} computes constants.
 */
@NullMarked
package dev.glint.onnx.shape;

import org.jspecify.annotations.NullMarked;
