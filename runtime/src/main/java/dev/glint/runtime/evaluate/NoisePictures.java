package dev.glint.runtime.evaluate;

import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.image.Image;
import java.util.Random;

/**
 * Pictures of noise that need no resizing, for when there are no others; the same everywhere. Each is of greater contrast
 * than the one before, and the last has all bytes alike.
 *
 * @param contract whose size and colours they have
 */
public record NoisePictures(PreprocessContract contract) implements PictureSet {
    /** How many there are. */
    public static final int COUNT = 4;

    @Override
    public int size() {
        return COUNT;
    }

    @Override
    public Image picture(int index) {
        Random random = new Random(index);
        byte[] samples = new byte[contract.tensorSize()];
        int range = 256 / COUNT * (index + 1);
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) (128 - range / 2 + random.nextInt(range));
        }
        return new Image(
                contract.width(), contract.height(), contract.colorSpace().mode(), samples);
    }

    @Override
    public int label(int index) {
        throw new UnsupportedOperationException("noise has no label");
    }
}
