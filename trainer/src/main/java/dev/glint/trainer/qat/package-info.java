/**
 * Quantisation-aware training: a network as the graph that is quantised, with its roundings in it, on arrays that take
 * gradients.
 */
@NullMarked
package dev.glint.trainer.qat;

import org.jspecify.annotations.NullMarked;
