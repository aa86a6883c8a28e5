/** Run folders: what a fit leaves behind, and how it is read again. */
@NullMarked
package dev.glint.trainer.run;

import org.jspecify.annotations.NullMarked;
