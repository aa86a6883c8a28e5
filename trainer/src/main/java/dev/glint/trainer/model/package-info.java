/**
 * Architectures as DJL blocks, with PyTorch's names and shapes for their parameters; what each was made for, and how it is
 * usually fitted.
 */
@NullMarked
package dev.glint.trainer.model;

import org.jspecify.annotations.NullMarked;
