/** What runs a model, behind one interface: {@code engine.ort} is ONNX Runtime through its Java classes. */
@NullMarked
package dev.glint.runtime.engine;

import org.jspecify.annotations.NullMarked;
