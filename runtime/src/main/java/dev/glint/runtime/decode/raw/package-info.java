/** Pixels without a header, as cameras have them in memory: {@code RawPixels} in a {@code PixelFormat}. */
@NullMarked
package dev.glint.runtime.decode.raw;

import org.jspecify.annotations.NullMarked;
