/** ONNX Runtime through its Java classes; nothing else in the runtime knows them. */
@NullMarked
package dev.glint.runtime.engine.ort;

import org.jspecify.annotations.NullMarked;
