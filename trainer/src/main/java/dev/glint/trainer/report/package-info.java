/** What a run looks like: pages that hold everything they show. */
@NullMarked
package dev.glint.trainer.report;

import org.jspecify.annotations.NullMarked;
