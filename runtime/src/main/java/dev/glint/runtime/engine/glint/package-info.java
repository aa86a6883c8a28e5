/** Glint's own engine: an ONNX graph as a plan of steps over arrays, and the loops that the steps run. */
@NullMarked
package dev.glint.runtime.engine.glint;

import org.jspecify.annotations.NullMarked;
