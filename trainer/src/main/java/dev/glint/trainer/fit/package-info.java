/** The fit loop, its optimizers and its learning rate schedules. */
@NullMarked
package dev.glint.trainer.fit;

import org.jspecify.annotations.NullMarked;
