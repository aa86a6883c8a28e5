/** ONNX graphs as immutable values, and their bytes. */
@NullMarked
package dev.glint.exporter.graph;

import org.jspecify.annotations.NullMarked;
