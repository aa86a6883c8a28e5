package dev.glint.trainer.augment;

import dev.glint.runtime.image.Image;

/** Changes a picture and keeps its size. */
public sealed interface PictureAugmentation extends Augmentation
        permits PositionAugmentation, Rotation, ColorJitter, RandomErasing {

    /**
     * A picture of the same size and mode.
     *
     * @param image gray or RGB, upright; left as it is
     * @return another picture, or the same one if nothing was to be done
     */
    Image apply(Image image, Draw draw);
}
