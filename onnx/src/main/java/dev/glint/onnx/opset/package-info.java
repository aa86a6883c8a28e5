/**
 * Graphs of operator sets 7 to 21 in terms of set 17: {@link dev.glint.onnx.opset.OpsetConversion}, a rule for each change that
 * matters to a network that is not being trained, after ONNX's <a
 * href="https://github.com/onnx/onnx/blob/main/docs/Changelog.md">operator change log</a>.
 */
@NullMarked
package dev.glint.onnx.opset;

import org.jspecify.annotations.NullMarked;
