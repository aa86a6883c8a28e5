/** Running graphs in ONNX Runtime while they are made. */
@NullMarked
package dev.glint.onnx.inference;

import org.jspecify.annotations.NullMarked;
