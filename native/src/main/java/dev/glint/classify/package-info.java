/** The {@code classify} command: what a person on the device types, and what it prints. */
@NullMarked
package dev.glint.classify;

import org.jspecify.annotations.NullMarked;
