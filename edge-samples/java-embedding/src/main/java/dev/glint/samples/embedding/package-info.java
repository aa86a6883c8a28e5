/** A model inside a Java program. */
@NullMarked
package dev.glint.samples.embedding;

import org.jspecify.annotations.NullMarked;
