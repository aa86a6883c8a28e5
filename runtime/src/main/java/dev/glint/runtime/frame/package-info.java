/** A camera's pictures as they come through a pipe: one stream of bytes, cut into frames. */
@NullMarked
package dev.glint.runtime.frame;

import org.jspecify.annotations.NullMarked;
