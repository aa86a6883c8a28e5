/** A model file opened once, and what it says of pictures. */
@NullMarked
package dev.glint.runtime.model;

import org.jspecify.annotations.NullMarked;
