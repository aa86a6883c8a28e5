/** How a model is fitted: recipes as values, presets by name, learning rate schedules. */
@NullMarked
package dev.glint.trainer.recipe;

import org.jspecify.annotations.NullMarked;
