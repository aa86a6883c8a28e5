/** Proofs that a model is what it should be: the same answers as the block, as accurate. */
@NullMarked
package dev.glint.exporter.verify;

import org.jspecify.annotations.NullMarked;
