/** The {@code trainer} command. */
@NullMarked
package dev.glint.trainer;

import org.jspecify.annotations.NullMarked;
