/** What is asked of a picture and said of it, whatever its format: limits, options, how files are told apart, what headers say. */
@NullMarked
package dev.glint.runtime.decode.format;

import org.jspecify.annotations.NullMarked;
