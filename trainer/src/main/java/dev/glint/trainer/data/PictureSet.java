package dev.glint.trainer.data;

import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import java.util.Optional;
import java.util.stream.IntStream;

/** Labelled pictures in a fixed order. Safe for reading by several threads. */
public interface PictureSet {

    /** How many pictures there are. */
    int size();

    /**
     * A picture as it would be decoded from its file.
     *
     * @param index 0 to {@code size() - 1}
     */
    Image picture(int index);

    /**
     * The class of a picture, from 0 on.
     *
     * @param index 0 to {@code size() - 1}
     */
    int label(int index);

    /** The pixels of a picture that a model sees: what {@link Preprocessor#toPixels} makes of it. */
    default Image pixels(int index, Preprocessor preprocessor) {
        return preprocessor.toPixels(picture(index));
    }

    /**
     * A picture for random crops: upright, in the contract's colours, and no larger than crops can make use of. With
     * {@code shorterSide} a picture has at least that many rows and columns, if it had them before.
     *
     * @param shorterSide rows or columns, whichever are fewer, of what is larger
     */
    default Image cropSource(int index, Preprocessor preprocessor, int shorterSide) {
        return CropSources.prepare(picture(index), preprocessor, shorterSide);
    }

    /** A digest of what a picture is made of: the same for copies, and for nothing else. */
    default String digest(int index) {
        return ContentDigest.digest(picture(index));
    }

    /** What a person finds a picture by: the place of its file, or its number in its set. */
    default String name(int index) {
        return "picture " + index;
    }

    /**
     * Reads all pictures, in parallel.
     *
     * @throws GlintException of the first that cannot be read
     */
    default void requireReadable(Preprocessor preprocessor) {
        Optional<GlintException> failure = IntStream.range(0, size())
                .parallel()
                .mapToObj(index -> {
                    try {
                        pixels(index, preprocessor);
                        return Optional.<GlintException>empty();
                    } catch (GlintException e) {
                        return Optional.of(e);
                    }
                })
                .flatMap(Optional::stream)
                .findFirst();
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    /** The first {@code count} pictures of this set; all of them if it has no more. */
    default PictureSet first(int count) {
        return count >= size() ? this : new FirstPictures(this, count);
    }
}
