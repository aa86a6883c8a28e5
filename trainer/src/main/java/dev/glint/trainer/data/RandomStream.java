package dev.glint.trainer.data;

import java.util.Random;

/**
 * The randomness of a run. One seed drives everything, yet each use draws from a stream of its own, so that the
 * weights do not depend on how many pictures were made before them, and an epoch can be repeated without those before
 * it. Streams are {@link Random}, whose algorithm its specification fixes for every JDK.
 */
public enum RandomStream {
    /** Synthetic training pictures. */
    TRAINING_PICTURES,
    /** Synthetic held-out pictures. */
    HELD_OUT_PICTURES,
    /** The first weights. */
    WEIGHTS,
    /** The order of the pictures; one stream per epoch. */
    SHUFFLE,
    /** What happens to pictures; one stream per epoch and picture. */
    AUGMENTATION,
    /** What dropout drops; one stream per epoch. */
    DROPOUT,
    /** How pictures are mixed; one stream per epoch and picture. */
    MIXING,
    /** Whether a picture that is mirrored in every second epoch begins with the first; one stream per picture. */
    FIRST_MIRRORED,
    /** Which pictures are held out, and in which order files are read; one stream per class. */
    SPLIT;

    /**
     * Opens a stream at its beginning.
     *
     * @param seed the run's seed
     * @param index which stream of this kind, such as the epoch
     */
    public Random open(long seed, long index) {
        return new Random(seed(seed, index));
    }

    /** The seed of a stream of this kind. */
    @SuppressWarnings("EnumOrdinal") // New streams come last.
    long seed(long seed, long index) {
        return mix(mix(mix(seed) + ordinal()) + index);
    }

    /** The seed of a stream of this kind with two indices, such as epoch and picture. */
    long seed(long seed, long index, long second) {
        return mix(seed(seed, index) + second);
    }

    /** Variant 13 of the mixers in Stafford, "Better Bit Mixing" (2011): neighbouring seeds give unrelated streams. */
    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
