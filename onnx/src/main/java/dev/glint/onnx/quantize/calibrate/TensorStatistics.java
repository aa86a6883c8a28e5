package dev.glint.onnx.quantize.calibrate;

import dev.glint.onnx.quantize.scheme.Range;

/**
 * What was seen of a value while pictures went through the float model.
 *
 * @param extremes the smallest and the largest element
 */
public record TensorStatistics(Range extremes) {}
