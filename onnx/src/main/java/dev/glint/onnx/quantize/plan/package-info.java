/** What of a graph becomes integers, and why the rest does not: the plan is data. */
@NullMarked
package dev.glint.onnx.quantize.plan;

import org.jspecify.annotations.NullMarked;
