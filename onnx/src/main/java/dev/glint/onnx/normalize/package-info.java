/**
 * What another tool exported becomes the kind of graph that Glint's quantiser and engine know: {@link
 * dev.glint.onnx.normalize.Normalizer}, one operator set, constants as initializers, no shape arithmetic, batch
 * normalisation folded. Each change is a small named rule.
 */
@NullMarked
package dev.glint.onnx.normalize;

import org.jspecify.annotations.NullMarked;
