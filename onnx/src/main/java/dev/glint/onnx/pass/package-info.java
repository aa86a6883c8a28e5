/** Rewrites of a graph that leave what it computes the same: named rules, one class each, registered by operator. */
@NullMarked
package dev.glint.onnx.pass;

import org.jspecify.annotations.NullMarked;
