/** Post-training quantisation to 8-bit integers: ranges from pictures, integers from ranges, and where they go. */
@NullMarked
package dev.glint.exporter.quantize;

import org.jspecify.annotations.NullMarked;
