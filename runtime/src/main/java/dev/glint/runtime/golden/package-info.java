/** Golden samples: pictures that travel inside a model with the tensors and logits they must give, and their replay. */
@NullMarked
package dev.glint.runtime.golden;

import org.jspecify.annotations.NullMarked;
