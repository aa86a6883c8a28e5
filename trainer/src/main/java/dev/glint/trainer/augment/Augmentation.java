package dev.glint.trainer.augment;

/**
 * One way to change pictures at random, with its parameters. Values without state, safe for use by several threads; what
 * happens to a picture is decided by a {@link Draw} alone.
 */
public sealed interface Augmentation permits PictureAugmentation, RandomResizedCrop, PairAugmentation {

    /** As {@link Augmentations#parse} reads it, such as {@code rotate=15}. */
    @Override
    String toString();
}
