/** What was found best for a model on this machine, in the user's settings. */
@NullMarked
package dev.glint.classify.choice;

import org.jspecify.annotations.NullMarked;
