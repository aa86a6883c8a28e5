/**
 * Fitting: the loop over epochs ({@code Fitter}), where its batches come from, the loss, the optimizers and the averages of
 * weights; judging ({@code Evaluator}, {@code ConfusionMatrix}); what happens to weights before the first step (whitening,
 * batch norm's statistics); the learning rate range test. Recipes and schedules are in {@code recipe}.
 */
@NullMarked
package dev.glint.trainer.fit;

import org.jspecify.annotations.NullMarked;
