/**
 * What the commands do, from a run or a model folder to a model folder: {@code ExportJob} over an {@code ExportSource},
 * {@code QuantizeJob} with the pictures that it calibrates with, the comparison of both models and the manifest.
 */
@NullMarked
package dev.glint.exporter.job;

import org.jspecify.annotations.NullMarked;
