package dev.glint.trainer.data;

import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.image.Image;

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
    public Image pixels(int index, Preprocessor preprocessor) {
        return all.pixels(indices[index], preprocessor);
    }

    @Override
    public Image cropSource(int index, Preprocessor preprocessor, int shorterSide) {
        return all.cropSource(indices[index], preprocessor, shorterSide);
    }

    @Override
    public String digest(int index) {
        return all.digest(indices[index]);
    }

    @Override
    public String name(int index) {
        return all.name(indices[index]);
    }

    @Override
    public int label(int index) {
        return all.label(indices[index]);
    }
}
