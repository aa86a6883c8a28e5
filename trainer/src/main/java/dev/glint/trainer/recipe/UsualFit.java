package dev.glint.trainer.recipe;

import dev.glint.trainer.augment.Augmentations;
import dev.glint.trainer.recipe.OptimizerSettings.Kind;

/** How networks of a kind are usually fitted from random weights. */
public enum UsualFit {
    /** A few hundred parameters: 5 epochs of Adam at a constant rate. */
    TINY(5, 32, Kind.ADAM, 0.003, 0, new Schedule(new Schedule.Constant(), 0), Augmentations.NONE),

    /** Batch norm throughout: 40 epochs of SGD with a high rate, weight decay on everything. */
    HIGH_RATE(40, 128, Kind.SGD_NESTEROV, 0.1, 5e-4, new Schedule(new Schedule.Cosine(), 1), Augmentations.CROP_FLIP),

    /** A few layers, or wide linear ones: 20 epochs of Adam. */
    ADAPTIVE(20, 128, Kind.ADAM, 0.001, 0, new Schedule(new Schedule.Cosine(), 1), Augmentations.CROP_FLIP),

    /** Many layers without batch norm, of which higher rates make infinite losses: 20 epochs of Adam at a low one. */
    LOW_RATE(20, 64, Kind.ADAM, 0.0001, 0, new Schedule(new Schedule.Cosine(), 1), Augmentations.CROP_FLIP);

    private final Recipe recipe;

    UsualFit(
            int epochs,
            int batchSize,
            Kind kind,
            double learningRate,
            double weightDecay,
            Schedule schedule,
            Augmentations augmentations) {
        OptimizerSettings optimizer = OptimizerSettings.plain(kind, learningRate, weightDecay);
        this.recipe = Recipe.plain(epochs, batchSize, optimizer, schedule, augmentations);
    }

    /** The recipe, for pictures of 32x32 or more. */
    public Recipe recipe() {
        return recipe;
    }
}
