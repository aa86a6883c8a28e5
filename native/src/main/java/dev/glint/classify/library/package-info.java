/**
 * The entry points of {@code libglint.so}, behind the C functions of {@code glint.h} (see {@code src/main/c/library}), which hide isolates
 * and threads from their callers.
 */
@NullMarked
package dev.glint.classify.library;

import org.jspecify.annotations.NullMarked;
