/** From a fitted run to models that a device can run. */
@NullMarked
package dev.glint.exporter;

import org.jspecify.annotations.NullMarked;
