/** The one-line error that a person can act on, with its exit code, and what may be printed on a terminal. */
@NullMarked
package dev.glint.runtime.failure;

import org.jspecify.annotations.NullMarked;
