/** Resizing that equals Pillow's, bit for bit. */
@NullMarked
package dev.glint.runtime.resize;

import org.jspecify.annotations.NullMarked;
