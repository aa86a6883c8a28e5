/** Classifies pictures with Apache Spark: one model per executor, one classifier per task. */
@NullMarked
package dev.glint.samples.spark;

import org.jspecify.annotations.NullMarked;
