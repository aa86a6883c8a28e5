package dev.glint.trainer.data;

import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.image.Image;
import java.util.Arrays;
import java.util.Objects;

/**
 * Pictures of one size in one array, which is the densest that a heap can hold.
 *
 * @param width columns of each picture
 * @param height rows of each picture
 * @param mode channels of each picture
 * @param samples all samples, interleaved, picture after picture
 * @param labels one class per picture
 */
record PackedPictures(int width, int height, Image.Mode mode, byte[] samples, byte[] labels) implements PictureSet {
    PackedPictures {
        if (samples.length != (long) labels.length * width * height * mode.channels()) {
            throw new IllegalArgumentException(samples.length + " samples for " + labels.length + " pictures");
        }
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public Image picture(int index) {
        int length = width * height * mode.channels();
        int start = Objects.checkIndex(index, labels.length) * length;
        return new Image(width, height, mode, Arrays.copyOfRange(samples, start, start + length));
    }

    /** They are of one size and come from no file: the first one tells of all. */
    @Override
    public void requireReadable(Preprocessor preprocessor) {
        if (size() > 0) {
            pixels(0, preprocessor);
        }
    }

    @Override
    public int label(int index) {
        return labels[index] & 0xff;
    }
}
