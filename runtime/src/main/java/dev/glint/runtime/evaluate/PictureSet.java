package dev.glint.runtime.evaluate;

import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.stream.IntStream;

/** Labelled pictures in a fixed order. Safe for reading by several threads. */
public interface PictureSet {

    /** How many pictures there are. */
    int size();

    /**
     * A picture as {@link DecodeOptions#defaults()} decodes it, for those who have no contract.
     *
     * @param index 0 to {@code size() - 1}
     */
    Image picture(int index);

    /**
     * A picture as a contract decodes it. One that does not come from a file is what it is.
     *
     * @param index 0 to {@code size() - 1}
     * @param options mostly a contract's {@code decodeOptions()}
     */
    default Image picture(int index, DecodeOptions options) {
        return picture(index);
    }

    /**
     * The class of a picture, from 0 on.
     *
     * @param index 0 to {@code size() - 1}
     */
    int label(int index);

    /**
     * What people call a picture: the path of its file, or its number from 0 on.
     *
     * @param index 0 to {@code size() - 1}
     */
    default String name(int index) {
        return "picture " + index;
    }

    /**
     * Adds what tells a picture from others to a digest: the bytes of its file, or size, mode and samples of one that has no
     * file. Labels and names do not count.
     *
     * @param index 0 to {@code size() - 1}
     */
    default void digest(int index, MessageDigest digest) {
        Image image = picture(index);
        digest.update(ByteBuffer.allocate(4 * Integer.BYTES)
                .putInt(image.width())
                .putInt(image.height())
                .putInt(image.mode().channels())
                .putInt(image.orientation())
                .flip());
        digest.update(image.samples());
    }

    /** The pixels of a picture that a model sees: decoded as the contract says, and what {@link Preprocessor#toPixels} makes of it. */
    default Image pixels(int index, Preprocessor preprocessor) {
        return preprocessor.toPixels(picture(index, preprocessor.contract().decodeOptions()));
    }

    /** What somebody makes of pictures, which a set may keep. A value: equal ones make the same of the same picture. */
    interface Derivation {
        /** How pictures are decoded. */
        DecodeOptions decodeOptions();

        /** Makes it of a decoded picture. */
        Image derive(Image picture);
    }

    /** What is made of a picture. */
    default Image derived(int index, Derivation derivation) {
        return derivation.derive(picture(index, derivation.decodeOptions()));
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
