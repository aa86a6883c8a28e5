/**
 * ONNX files read without ONNX Runtime: a small reader of the protobuf wire format that treats the file as hostile. It tells
 * metadata, inputs, outputs, nodes and initializers, and refuses what no model for classification needs.
 */
@NullMarked
package dev.glint.runtime.onnx;

import org.jspecify.annotations.NullMarked;
