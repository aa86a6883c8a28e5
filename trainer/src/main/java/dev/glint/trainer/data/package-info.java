/** Data sets of labelled pictures, and what happens to them on their way into a batch. */
@NullMarked
package dev.glint.trainer.data;

import org.jspecify.annotations.NullMarked;
