package dev.glint.trainer.data;

import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.image.Image;
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
    public Image pixels(int index, Preprocessor preprocessor) {
        return all.pixels(Objects.checkIndex(index, size), preprocessor);
    }

    @Override
    public Image cropSource(int index, Preprocessor preprocessor, int shorterSide) {
        return all.cropSource(Objects.checkIndex(index, size), preprocessor, shorterSide);
    }

    @Override
    public String digest(int index) {
        return all.digest(Objects.checkIndex(index, size));
    }

    @Override
    public String name(int index) {
        return all.name(Objects.checkIndex(index, size));
    }

    @Override
    public int label(int index) {
        return all.label(Objects.checkIndex(index, size));
    }
}
