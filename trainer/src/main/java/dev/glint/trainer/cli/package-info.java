/** The verbs of the {@code trainer} command, and their options as configurations. */
@NullMarked
package dev.glint.trainer.cli;

import org.jspecify.annotations.NullMarked;
