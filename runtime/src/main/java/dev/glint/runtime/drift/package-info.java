/**
 * Whether the pictures that a model sees are still those that it was made for: histograms of its answers and of the pictures'
 * brightness, taken when it was exported and on the device, and how far they are apart. No picture is kept.
 */
@NullMarked
package dev.glint.runtime.drift;

import org.jspecify.annotations.NullMarked;
