package dev.glint.trainer.data;

import dev.glint.trainer.augment.Draw;

/** What the augmentations of one epoch draw from, picture by picture. For use by one thread. */
final class EpochDraws {
    private final long seed;
    private final int epoch;
    private final Draw draw = new Draw();

    EpochDraws(long seed, int epoch) {
        this.seed = seed;
        this.epoch = epoch;
    }

    /** For what is done to a picture itself; valid until the next call. */
    Draw forPicture(int index) {
        boolean mirrored = ((RandomStream.FIRST_MIRRORED.seed(seed, index) ^ epoch) & 1) == 0;
        draw.begin(RandomStream.AUGMENTATION.seed(seed, epoch, index), mirrored);
        return draw;
    }

    /** For mixing a picture with another one; valid until the next call. */
    Draw ofMixing(int index) {
        draw.begin(RandomStream.MIXING.seed(seed, epoch, index), false);
        return draw;
    }
}
