package dev.glint.runtime.evaluate;

import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.image.Image;
import java.security.MessageDigest;
import java.util.Objects;

/** The beginning of another set. */
record FirstPictures(PictureSet all, int size) implements PictureSet {
    FirstPictures {
        if (size < 1 || size > all.size()) {
            throw new IllegalArgumentException(size + " of " + all.size() + " pictures");
        }
    }

    @Override
    public Image picture(int index) {
        return all.picture(Objects.checkIndex(index, size));
    }

    @Override
    public Image picture(int index, DecodeOptions options) {
        return all.picture(Objects.checkIndex(index, size), options);
    }

    @Override
    public Image pixels(int index, Preprocessor preprocessor) {
        return all.pixels(Objects.checkIndex(index, size), preprocessor);
    }

    @Override
    public Image derived(int index, Derivation derivation) {
        return all.derived(Objects.checkIndex(index, size), derivation);
    }

    @Override
    public int label(int index) {
        return all.label(Objects.checkIndex(index, size));
    }

    @Override
    public String name(int index) {
        return all.name(Objects.checkIndex(index, size));
    }

    @Override
    public void digest(int index, MessageDigest digest) {
        all.digest(Objects.checkIndex(index, size), digest);
    }
}
