package dev.glint.trainer.fit;

import dev.glint.trainer.recipe.LearningRateSchedule;
import dev.glint.trainer.recipe.Recipe;

/**
 * The epochs of a fit in which the same parameters change, and which go through the whole schedule.
 *
 * @param frozen whether only the head changes
 * @param firstEpoch from 1 on
 * @param epochs how many there are
 */
public record PhaseSpan(boolean frozen, int firstEpoch, int epochs) {

    /** The span that an epoch lies in. */
    public static PhaseSpan containing(Recipe recipe, int epoch) {
        int frozenEpochs = recipe.fineTuning().frozenEpochs();
        return epoch <= frozenEpochs
                ? new PhaseSpan(true, 1, frozenEpochs)
                : new PhaseSpan(false, frozenEpochs + 1, recipe.epochs() - frozenEpochs);
    }

    /** The learning rates of its steps, from 0 on. */
    public LearningRateSchedule schedule(Recipe recipe, int stepsPerEpoch) {
        return recipe.schedule().rates(recipe.optimizer().learningRate(), epochs, stepsPerEpoch);
    }
}
