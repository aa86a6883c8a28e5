/** ONNX without Python: graphs, DJL blocks traced to them, rewrites, and the quantiser. */
@NullMarked
package dev.glint.onnx;

import org.jspecify.annotations.NullMarked;
