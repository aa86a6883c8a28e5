/** What the tests of all modules share. */
@NullMarked
package dev.glint.runtime.testing;

import org.jspecify.annotations.NullMarked;
