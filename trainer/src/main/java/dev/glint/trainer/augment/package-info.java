/**
 * Augmentation: what happens to training pictures at random, so that a model sees each of them in many ways. Plain Java
 * over 8-bit samples.
 */
@NullMarked
package dev.glint.trainer.augment;

import org.jspecify.annotations.NullMarked;
