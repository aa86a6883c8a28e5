/** One file that is a program and its model: {@code exporter bundle} writes it, {@code classify} finds itself in it. */
@NullMarked
package dev.glint.runtime.bundle;

import org.jspecify.annotations.NullMarked;
