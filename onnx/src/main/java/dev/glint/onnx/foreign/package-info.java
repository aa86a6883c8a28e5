/**
 * ONNX files that other tools wrote, as hostile as they may be, read into graphs: {@link
 * dev.glint.onnx.foreign.ForeignReader}. What such a graph becomes, says {@code onnx.normalize}.
 */
@NullMarked
package dev.glint.onnx.foreign;

import org.jspecify.annotations.NullMarked;
