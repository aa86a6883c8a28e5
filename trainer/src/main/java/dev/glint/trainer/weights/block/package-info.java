/**
 * The weights in a block: their names as PyTorch's {@code state_dict} has them, their values, and what the first ones are
 * drawn from.
 */
@NullMarked
package dev.glint.trainer.weights.block;

import org.jspecify.annotations.NullMarked;
