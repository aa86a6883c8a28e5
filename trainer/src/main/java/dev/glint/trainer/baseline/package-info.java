/** Simple classifiers to hold a network against. */
@NullMarked
package dev.glint.trainer.baseline;

import org.jspecify.annotations.NullMarked;
