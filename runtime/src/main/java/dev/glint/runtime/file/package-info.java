/** Files and folders that appear whole or not at all, and which folders may be written. */
@NullMarked
package dev.glint.runtime.file;

import org.jspecify.annotations.NullMarked;
