/** Model folders: the manifest with its variants and the default among them, and how they are written. */
@NullMarked
package dev.glint.exporter.folder;

import org.jspecify.annotations.NullMarked;
