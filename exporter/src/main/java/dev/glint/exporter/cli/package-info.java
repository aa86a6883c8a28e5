/** The {@code exporter} command. */
@NullMarked
package dev.glint.exporter.cli;

import org.jspecify.annotations.NullMarked;
