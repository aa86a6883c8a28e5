/** Pixels in memory, and what is done to them without knowing where they come from or go to: alpha, colour, orientation, cropping, resizing. */
@NullMarked
package dev.glint.runtime.image;

import org.jspecify.annotations.NullMarked;
