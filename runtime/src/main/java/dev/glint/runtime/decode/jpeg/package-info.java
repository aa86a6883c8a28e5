/** JPEG: baseline, extended sequential and progressive, with the pixels of libjpeg-turbo's defaults. */
@NullMarked
package dev.glint.runtime.decode.jpeg;

import org.jspecify.annotations.NullMarked;
