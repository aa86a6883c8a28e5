package dev.glint.onnx.quantize.calibrate;

import dev.glint.onnx.quantize.scheme.Range;

/**
 * What was seen of a value while pictures went through the float model.
 *
 * @param extremes the smallest and the largest element
 * @param averageExtremes the moving averages of each batch's smallest and largest element
 * @param histogram how often elements were how large
 */
public record TensorStatistics(Range extremes, Range averageExtremes, Histogram histogram) {}
