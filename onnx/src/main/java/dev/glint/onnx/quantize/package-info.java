/** Post-training quantisation to 8-bit integers: a plan of where they go, ranges from pictures, integers from ranges, and
 * a look at what ONNX Runtime fused of it. */
@NullMarked
package dev.glint.onnx.quantize;

import org.jspecify.annotations.NullMarked;
