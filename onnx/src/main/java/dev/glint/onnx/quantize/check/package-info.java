/** What became of the plan: what ONNX Runtime fused, and how far the answers are from the float model's. */
@NullMarked
package dev.glint.onnx.quantize.check;

import org.jspecify.annotations.NullMarked;
