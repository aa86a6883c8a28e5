/** The preprocessing contract, its JSON form, and the one class that executes it. */
@NullMarked
package dev.glint.runtime.contract;

import org.jspecify.annotations.NullMarked;
