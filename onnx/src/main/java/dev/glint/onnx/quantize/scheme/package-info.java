/** How a tensor becomes integers: ranges, encodings of activations and of weights. What a fit that is aware of its quantisation imitates. */
@NullMarked
package dev.glint.onnx.quantize.scheme;

import org.jspecify.annotations.NullMarked;
