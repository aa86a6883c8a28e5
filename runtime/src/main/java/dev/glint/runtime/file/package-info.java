/** Files and folders that appear whole or not at all. */
@NullMarked
package dev.glint.runtime.file;

import org.jspecify.annotations.NullMarked;
