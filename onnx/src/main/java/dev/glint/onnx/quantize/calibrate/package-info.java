/** What the values of a float model look like on real pictures. */
@NullMarked
package dev.glint.onnx.quantize.calibrate;

import org.jspecify.annotations.NullMarked;
