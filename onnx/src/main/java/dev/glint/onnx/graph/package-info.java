/** ONNX graphs as immutable values, their bytes, and what code that rewrites them asks: who makes and takes a value, what is
 * a layer, which name is free. */
@NullMarked
package dev.glint.onnx.graph;

import org.jspecify.annotations.NullMarked;
