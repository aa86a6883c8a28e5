/** From a DJL block to an ONNX graph, by recording what the block does to its input. */
@NullMarked
package dev.glint.exporter.trace;

import org.jspecify.annotations.NullMarked;
