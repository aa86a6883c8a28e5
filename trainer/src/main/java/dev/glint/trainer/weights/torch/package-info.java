/** Files of {@code torch.save}: the zip archive, the vocabulary of its pickle, and tensors as views of storages. */
@NullMarked
package dev.glint.trainer.weights.torch;

import org.jspecify.annotations.NullMarked;
