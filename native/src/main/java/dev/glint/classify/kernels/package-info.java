/** The loops of Glint's own engine in C, linked into the image: fast twins of those in plain Java. */
@NullMarked
package dev.glint.classify.kernels;

import org.jspecify.annotations.NullMarked;
