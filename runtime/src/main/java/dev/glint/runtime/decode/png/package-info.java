/** PNG (W3C Recommendation, third edition) on {@link java.util.zip.Inflater}. */
@NullMarked
package dev.glint.runtime.decode.png;

import org.jspecify.annotations.NullMarked;
