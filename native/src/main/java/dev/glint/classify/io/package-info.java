/** What the command is connected to, and how results and progress are written there. */
@NullMarked
package dev.glint.classify.io;

import org.jspecify.annotations.NullMarked;
