/** ONNX Runtime in the native image: its C interface called through function pointers, without JNI and without its Java classes. */
@NullMarked
package dev.glint.classify.ort;

import org.jspecify.annotations.NullMarked;
