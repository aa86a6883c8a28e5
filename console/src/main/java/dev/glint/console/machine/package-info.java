/** The machine that a command runs on, and how it fares: what figures depend on. */
@NullMarked
package dev.glint.console.machine;

import org.jspecify.annotations.NullMarked;
