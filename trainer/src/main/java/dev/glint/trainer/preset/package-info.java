/** What is taken where nobody says: recipes by name, and the network and its size by the pictures. */
@NullMarked
package dev.glint.trainer.preset;

import org.jspecify.annotations.NullMarked;
