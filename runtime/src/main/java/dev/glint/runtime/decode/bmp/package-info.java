/** Windows and OS/2 bitmaps. */
@NullMarked
package dev.glint.runtime.decode.bmp;

import org.jspecify.annotations.NullMarked;
