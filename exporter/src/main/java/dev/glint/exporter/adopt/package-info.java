/**
 * What somebody else's ONNX file takes and gives, what its user adds to that until a contract is complete, and the proof that the
 * imported model answers as the file does.
 */
@NullMarked
package dev.glint.exporter.adopt;

import org.jspecify.annotations.NullMarked;
