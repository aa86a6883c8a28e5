/** A camera's frames from a pipe: a JSON line for each. */
@NullMarked
package dev.glint.classify.frames;

import org.jspecify.annotations.NullMarked;
