/**
 * How a model is fitted, as values: recipes, their optimizer, learning rate schedule and fine-tuning, the hyperparameters
 * that they are made of, and what is usual for a kind of network.
 */
@NullMarked
package dev.glint.trainer.recipe;

import org.jspecify.annotations.NullMarked;
