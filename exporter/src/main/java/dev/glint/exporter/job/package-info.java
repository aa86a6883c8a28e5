/** What the commands do, from a run or a model folder to a model folder. */
@NullMarked
package dev.glint.exporter.job;

import org.jspecify.annotations.NullMarked;
