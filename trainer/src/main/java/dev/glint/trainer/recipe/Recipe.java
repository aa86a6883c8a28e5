package dev.glint.trainer.recipe;

import dev.glint.trainer.augment.Augmentations;

/**
 * How a model is fitted.
 *
 * @param epochs how often each picture is seen, at least 1
 * @param batchSize pictures per step, at least 1
 * @param optimizer what makes a step out of gradients
 * @param schedule what becomes of the learning rate
 * @param labelSmoothing which share of each label is spread evenly over all classes, 0 or more, below 1 (Szegedy et al.,
 *     "Rethinking the Inception Architecture for Computer Vision", 2016)
 * @param averageDecay what an exponential moving average of the weights keeps of itself per step; the average is then
 *     what is judged and kept. 0 for none, below 1 (Polyak and Juditsky, 1992)
 * @param whitening whether the first convolution begins as a whitening transform of the training pictures' patches
 * @param testFlip whether a held-out picture is judged by the mean of the logits of itself and of its mirror image
 * @param fineTuning how weights that others have fitted are treated
 * @param augmentations what happens to training pictures
 */
public record Recipe(
        int epochs,
        int batchSize,
        OptimizerSettings optimizer,
        Schedule schedule,
        double labelSmoothing,
        double averageDecay,
        boolean whitening,
        boolean testFlip,
        FineTuning fineTuning,
        Augmentations augmentations) {

    public Recipe {
        Checks.require(epochs >= 1, epochs + " epochs");
        Checks.require(batchSize >= 1, "batches of " + batchSize);
        Checks.require(labelSmoothing >= 0 && labelSmoothing < 1, "a label smoothing of " + labelSmoothing);
        Checks.require(averageDecay >= 0 && averageDecay < 1, "a decay of the average of " + averageDecay);
        Checks.require(fineTuning.frozenEpochs() <= epochs, fineTuning.frozenEpochs() + " of " + epochs + " epochs");
    }

    /** A recipe without refinements. */
    public static Recipe plain(
            int epochs, int batchSize, OptimizerSettings optimizer, Schedule schedule, Augmentations augmentations) {
        return new Recipe(epochs, batchSize, optimizer, schedule, 0, 0, false, false, FineTuning.NONE, augmentations);
    }

    /** Whether batch norm changes: in some epoch it is not frozen. */
    public boolean fitsBatchNorm() {
        return !fineTuning.frozenBatchNorm() && fineTuning.frozenEpochs() < epochs;
    }

    /** The same for another number of epochs. */
    public Recipe withEpochs(int newEpochs) {
        return new Recipe(
                newEpochs,
                batchSize,
                optimizer,
                schedule,
                labelSmoothing,
                averageDecay,
                whitening,
                testFlip,
                fineTuning,
                augmentations);
    }

    /** The same with another number of pictures per step. */
    public Recipe withBatchSize(int newBatchSize) {
        return new Recipe(
                epochs,
                newBatchSize,
                optimizer,
                schedule,
                labelSmoothing,
                averageDecay,
                whitening,
                testFlip,
                fineTuning,
                augmentations);
    }

    /** The same for pictures whose mirror images mean something else. */
    public Recipe withoutMirrors() {
        return new Recipe(
                epochs,
                batchSize,
                optimizer,
                schedule,
                labelSmoothing,
                averageDecay,
                whitening,
                false,
                fineTuning,
                augmentations.withoutMirrors());
    }

    /** The same without the epochs that fit the head alone, unless all do. */
    public Recipe withoutHeadPhase() {
        if (fineTuning.frozenEpochs() == epochs) {
            return this;
        }
        return new Recipe(
                epochs,
                batchSize,
                optimizer,
                schedule,
                labelSmoothing,
                averageDecay,
                whitening,
                testFlip,
                new FineTuning(0, fineTuning.backboneLearningRate(), fineTuning.frozenBatchNorm()),
                augmentations);
    }
}
