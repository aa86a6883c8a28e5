/** From an encoded file to 8-bit pixels, without AWT, and which files of a folder are pictures; a package below this one per format. */
@NullMarked
package dev.glint.runtime.decode;

import org.jspecify.annotations.NullMarked;
