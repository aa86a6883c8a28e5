/** What every picture format shares: how files are told apart, limits, damage, options, orientation. */
@NullMarked
package dev.glint.runtime.decode.format;

import org.jspecify.annotations.NullMarked;
