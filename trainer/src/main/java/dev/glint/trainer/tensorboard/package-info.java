/** Event files, which TensorBoard shows. */
@NullMarked
package dev.glint.trainer.tensorboard;

import org.jspecify.annotations.NullMarked;
