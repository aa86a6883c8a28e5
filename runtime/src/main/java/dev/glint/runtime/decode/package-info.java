/** From an encoded file to 8-bit pixels, without AWT; a package below this one per format. */
@NullMarked
package dev.glint.runtime.decode;

import org.jspecify.annotations.NullMarked;
