package dev.glint.trainer.recipe;

import dev.glint.trainer.augment.Augmentations;
import dev.glint.trainer.recipe.OptimizerSettings.Kind;

/** How networks of a kind are usually fitted from random weights. */
public enum UsualFit {
    /** A few hundred parameters: 5 epochs of Adam at a constant rate. */
    TINY(Recipe.plain(
            5,
            32,
            OptimizerSettings.plain(Kind.ADAM, 0.003, 0),
            new Schedule(new Schedule.Constant(), 0),
            Augmentations.NONE)),

    /** Batch norm throughout: 40 epochs of SGD with a high rate, weight decay on everything. */
    HIGH_RATE(Recipe.plain(
            40,
            128,
            OptimizerSettings.plain(Kind.SGD_NESTEROV, 0.1, 5e-4),
            new Schedule(new Schedule.Cosine(), 1),
            Augmentations.CROP_FLIP)),

    /** A few layers, or wide linear ones: 20 epochs of Adam. */
    ADAPTIVE(Recipe.plain(
            20,
            128,
            OptimizerSettings.plain(Kind.ADAM, 0.001, 0),
            new Schedule(new Schedule.Cosine(), 1),
            Augmentations.CROP_FLIP)),

    /** Many layers without batch norm, of which higher rates make infinite losses: 20 epochs of Adam at a low one. */
    LOW_RATE(Recipe.plain(
            20,
            64,
            OptimizerSettings.plain(Kind.ADAM, 0.0001, 0),
            new Schedule(new Schedule.Cosine(), 1),
            Augmentations.CROP_FLIP));

    private final Recipe recipe;

    UsualFit(Recipe recipe) {
        this.recipe = recipe;
    }

    /** The recipe, for pictures of 32x32 or more. */
    public Recipe recipe() {
        return recipe;
    }
}
