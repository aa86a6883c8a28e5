/** Weights that other programs have written: reading them, whole and without running anything, and loading them. */
@NullMarked
package dev.glint.trainer.weights;

import org.jspecify.annotations.NullMarked;
