/** Post-training quantisation to 8-bit integers, as a pipeline: plan, calibrate, correct, write, check, select. */
@NullMarked
package dev.glint.onnx.quantize;

import org.jspecify.annotations.NullMarked;
