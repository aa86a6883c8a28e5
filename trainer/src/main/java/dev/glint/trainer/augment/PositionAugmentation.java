package dev.glint.trainer.augment;

/**
 * Moves whole rows and whole columns and changes no sample: what it does to a picture is known without its pixels, so
 * that a device can do it to a batch at once.
 */
public sealed interface PositionAugmentation extends PictureAugmentation
        permits ReflectCrop, HorizontalFlip, AlternatingFlip {

    /**
     * Says what {@link #apply} does to a picture, from the same draws.
     *
     * @param rows of the picture that is changed: from which row of the original each comes; is changed alike
     * @param columns the same for columns
     */
    void move(int[] rows, int[] columns, Draw draw);
}
