/** {@code classify bench}: what the variants of a model cost on this machine, and how often they are right. */
@NullMarked
package dev.glint.classify.bench;

import org.jspecify.annotations.NullMarked;
