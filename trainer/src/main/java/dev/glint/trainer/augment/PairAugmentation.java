package dev.glint.trainer.augment;

/** Mixes a picture with another one, and their labels with them. */
public sealed interface PairAugmentation extends Augmentation permits MixUp, CutMix {

    /**
     * Mixes the tensors of two pictures, (C, H, W) floats.
     *
     * @param own takes the result
     * @param other stays as it is
     * @param width columns of both
     * @param height rows of both
     * @return the share of {@code own} in the result, 0 to 1, and so in its label
     */
    float mix(float[] own, float[] other, int width, int height, Draw draw);
}
