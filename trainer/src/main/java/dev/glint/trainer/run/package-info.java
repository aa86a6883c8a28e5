/**
 * Runs: the configuration that decides one, the jobs that do it, and the folder with what it leaves behind, from which it
 * is read again or goes on.
 */
@NullMarked
package dev.glint.trainer.run;

import org.jspecify.annotations.NullMarked;
