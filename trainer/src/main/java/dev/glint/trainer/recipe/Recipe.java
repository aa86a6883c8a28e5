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
    private static final double QUANTIZATION_AWARE_RATE = 1e-4;

    public Recipe {
        Hyperparameter.EPOCHS.require(epochs);
        Hyperparameter.BATCH_SIZE.require(batchSize);
        Hyperparameter.LABEL_SMOOTHING.require(labelSmoothing);
        Hyperparameter.AVERAGE_DECAY.require(averageDecay);
        Checks.require(fineTuning.frozenEpochs() <= epochs, fineTuning.frozenEpochs() + " of " + epochs + " epochs");
    }

    /** Of a draft in which every hyperparameter has a value. */
    public Recipe(RecipeDraft draft) {
        this(
                draft.get(Hyperparameter.EPOCHS),
                draft.get(Hyperparameter.BATCH_SIZE),
                new OptimizerSettings(draft),
                new Schedule(draft.get(Hyperparameter.SCHEDULE), draft.get(Hyperparameter.WARMUP_EPOCHS)),
                draft.get(Hyperparameter.LABEL_SMOOTHING),
                draft.get(Hyperparameter.AVERAGE_DECAY),
                draft.get(Hyperparameter.WHITENING),
                draft.get(Hyperparameter.TEST_FLIP),
                new FineTuning(draft),
                draft.get(Hyperparameter.AUGMENTATIONS));
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

    /** The same with another value of a hyperparameter. */
    public <T> Recipe replacing(Hyperparameter<T> hyperparameter, T value) {
        return new Recipe(new RecipeDraft(this).set(hyperparameter, value));
    }

    /**
     * The same with another optimizer for the same network, with the learning rate and the weight decay that are usual for
     * it. An adaptive one takes a hundredth of the rate of SGD; SGD in place of an adaptive one takes ten times its rate,
     * since networks that have one here bear no high rates.
     */
    public Recipe withOptimizer(OptimizerSettings.Kind other) {
        OptimizerSettings.Kind kind = optimizer.kind();
        if (other == kind) {
            return this;
        }
        double rate = optimizer.learningRate();
        if (kind.isAdaptive() != other.isAdaptive()) {
            rate = other.isAdaptive() ? rate / 100 : rate * 10;
        }
        return replacing(Hyperparameter.OPTIMIZER, other)
                .replacing(Hyperparameter.LEARNING_RATE, rate)
                .replacing(Hyperparameter.WEIGHT_DECAY, other.usualWeightDecay);
    }

    /**
     * What is usual for going on with the roundings of integers in the network: two epochs at a low rate that suits
     * weights with batch norm folded into them. Decay would do nothing good in so short a time.
     */
    public Recipe quantizationAware() {
        RecipeDraft draft = new RecipeDraft(withOptimizer(OptimizerSettings.Kind.ADAMW));
        draft.set(Hyperparameter.EPOCHS, 2);
        draft.set(Hyperparameter.LEARNING_RATE, QUANTIZATION_AWARE_RATE);
        draft.set(Hyperparameter.WEIGHT_DECAY, 0.0);
        draft.set(Hyperparameter.SCHEDULE, new Schedule.Cosine());
        draft.set(Hyperparameter.WARMUP_EPOCHS, 0.0);
        draft.set(Hyperparameter.AVERAGE_DECAY, 0.0);
        draft.set(Hyperparameter.WHITENING, false);
        draft.set(Hyperparameter.FROZEN_EPOCHS, 0);
        draft.set(Hyperparameter.BACKBONE_LEARNING_RATE, null);
        draft.set(Hyperparameter.FROZEN_BATCH_NORM, false);
        return new Recipe(draft);
    }

    /** The same for pictures whose mirror images mean something else. */
    public Recipe withoutMirrors() {
        return replacing(Hyperparameter.TEST_FLIP, false)
                .replacing(Hyperparameter.AUGMENTATIONS, augmentations.withoutMirrors());
    }

    /** The same without the epochs that fit the head alone, unless all do. */
    public Recipe withoutHeadPhase() {
        return fineTuning.frozenEpochs() == epochs ? this : replacing(Hyperparameter.FROZEN_EPOCHS, 0);
    }
}
