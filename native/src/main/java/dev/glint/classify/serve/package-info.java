/** {@code classify serve}: HTTP on the JDK's server, its limits, the model that is exchanged while it runs. */
@NullMarked
package dev.glint.classify.serve;

import org.jspecify.annotations.NullMarked;
