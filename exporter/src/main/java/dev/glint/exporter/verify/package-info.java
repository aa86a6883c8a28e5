/** Proofs that a model is what it should be: logits as the block gives, integers where they were meant, answers as in floats. */
@NullMarked
package dev.glint.exporter.verify;

import org.jspecify.annotations.NullMarked;
