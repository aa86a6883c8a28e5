/** Changes to weights and biases that bring the integer model nearer to the float one. */
@NullMarked
package dev.glint.onnx.quantize.correct;

import org.jspecify.annotations.NullMarked;
