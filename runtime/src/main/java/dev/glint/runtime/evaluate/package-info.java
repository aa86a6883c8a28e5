/**
 * How good and how fast a model is on given pictures: picture sets and class folders, test sets and the digests that tell them,
 * accuracy in counts, evaluation, latency.
 */
@NullMarked
package dev.glint.runtime.evaluate;

import org.jspecify.annotations.NullMarked;
