/** A plan with its ranges, written into the graph. */
@NullMarked
package dev.glint.onnx.quantize.write;

import org.jspecify.annotations.NullMarked;
