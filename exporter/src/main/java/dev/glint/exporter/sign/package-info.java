/** Signing a model, so that devices take it from its maker and from nobody else. */
@NullMarked
package dev.glint.exporter.sign;

import org.jspecify.annotations.NullMarked;
