/**
 * Weights between files and blocks: reading foreign files of any format, whole and without running anything, and loading
 * them; storing arrays and restoring a block from them.
 */
@NullMarked
package dev.glint.trainer.weights;

import org.jspecify.annotations.NullMarked;
