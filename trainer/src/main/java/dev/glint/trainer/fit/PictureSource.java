package dev.glint.trainer.fit;

import dev.glint.trainer.augment.Augmentations;

/** Where the batches of a fit come from. What they hold does not depend on where they are made. */
sealed interface PictureSource permits HostPictures, DevicePictures {

    /** How many pictures there are. */
    int size();

    /** How many values a picture has as a tensor. */
    int tensorSize();

    /** All pictures in their order, unchanged. */
    Batches inOrder(int batchSize);

    /**
     * All pictures in the order of one epoch.
     *
     * @param seed the run's seed, which with the epoch decides order and augmentation
     * @param augmentations what happens to the pictures
     */
    Batches ofEpoch(int batchSize, long seed, int epoch, Augmentations augmentations);
}
