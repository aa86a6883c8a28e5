/**
 * The fit loop: batches on their way to the device, the loss, optimizers, phases of a fine-tuning, judging, the learning
 * rate range test. What a fit is to do stands in {@link dev.glint.trainer.recipe}.
 */
@NullMarked
package dev.glint.trainer.fit;

import org.jspecify.annotations.NullMarked;
