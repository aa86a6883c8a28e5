/** What the three commands share: streams, tables, progress, failures. */
@NullMarked
package dev.glint.console;

import org.jspecify.annotations.NullMarked;
