package dev.glint.trainer.data;

import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.image.Image;
import java.security.MessageDigest;

/**
 * Some pictures of another set.
 *
 * @param indices of the pictures in the other set
 */
record Subset(PictureSet all, int[] indices) implements PictureSet {
    @Override
    public int size() {
        return indices.length;
    }

    @Override
    public Image picture(int index) {
        return all.picture(indices[index]);
    }

    @Override
    public Image picture(int index, DecodeOptions options) {
        return all.picture(indices[index], options);
    }

    @Override
    public Image pixels(int index, Preprocessor preprocessor) {
        return all.pixels(indices[index], preprocessor);
    }

    @Override
    public Image derived(int index, Derivation derivation) {
        return all.derived(indices[index], derivation);
    }

    @Override
    public int label(int index) {
        return all.label(indices[index]);
    }

    @Override
    public String name(int index) {
        return all.name(indices[index]);
    }

    @Override
    public void digest(int index, MessageDigest digest) {
        all.digest(indices[index], digest);
    }
}
