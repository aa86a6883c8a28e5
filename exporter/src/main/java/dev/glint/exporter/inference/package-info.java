/** Running graphs in ONNX Runtime while they are made. */
@NullMarked
package dev.glint.exporter.inference;

import org.jspecify.annotations.NullMarked;
