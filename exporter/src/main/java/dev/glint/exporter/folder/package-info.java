/** Model folders: what they hold, and how they are written. */
@NullMarked
package dev.glint.exporter.folder;

import org.jspecify.annotations.NullMarked;
