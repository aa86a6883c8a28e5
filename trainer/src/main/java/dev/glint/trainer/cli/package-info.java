/** The verbs of the {@code trainer} command. */
@NullMarked
package dev.glint.trainer.cli;

import org.jspecify.annotations.NullMarked;
