/** Pictures, one or a hundred thousand: where they come from, who classifies them, how the answers are printed. */
@NullMarked
package dev.glint.classify.batch;

import org.jspecify.annotations.NullMarked;
