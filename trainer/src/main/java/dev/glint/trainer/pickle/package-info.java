/** Reading Python pickles without running anything: instructions and names that a file of a known kind does not need are refused. */
@NullMarked
package dev.glint.trainer.pickle;

import org.jspecify.annotations.NullMarked;
