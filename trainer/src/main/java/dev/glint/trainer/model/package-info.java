/** Architectures as DJL blocks, with PyTorch's names and shapes for their parameters. */
@NullMarked
package dev.glint.trainer.model;

import org.jspecify.annotations.NullMarked;
