/** How good and how fast a model is on given pictures. */
@NullMarked
package dev.glint.runtime.evaluate;

import org.jspecify.annotations.NullMarked;
