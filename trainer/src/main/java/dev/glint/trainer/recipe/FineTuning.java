package dev.glint.trainer.recipe;

import org.jspecify.annotations.Nullable;

/**
 * How a network that others have fitted is fitted further. Its head is the layer that gives the logits, its backbone all
 * the others.
 *
 * @param frozenEpochs how many epochs at the beginning leave the backbone as it is, its batch norm in inference mode
 * @param backboneLearningRate the backbone's highest learning rate, positive; null for that of the head
 * @param frozenBatchNorm whether batch norm stays as it is in the other epochs too
 */
public record FineTuning(int frozenEpochs, @Nullable Double backboneLearningRate, boolean frozenBatchNorm) {
    /** The network is fitted as a whole. */
    public static final FineTuning NONE = new FineTuning(0, null, false);

    public FineTuning {
        Hyperparameter.FROZEN_EPOCHS.require(frozenEpochs);
        Hyperparameter.BACKBONE_LEARNING_RATE.require(backboneLearningRate);
    }

    FineTuning(RecipeDraft draft) {
        this(
                draft.get(Hyperparameter.FROZEN_EPOCHS),
                draft.get(Hyperparameter.BACKBONE_LEARNING_RATE),
                draft.get(Hyperparameter.FROZEN_BATCH_NORM));
    }
}
