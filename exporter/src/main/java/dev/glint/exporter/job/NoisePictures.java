package dev.glint.exporter.job;

import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.image.Image;
import java.util.Random;

/**
 * Pictures of noise, for when there are no others: each of four greater contrast than the one before.
 *
 * @param contract whose size and colours they have
 */
record NoisePictures(PreprocessContract contract) implements PictureSet {
    @Override
    public int size() {
        return 4;
    }

    @Override
    public Image picture(int index) {
        Random random = new Random(index);
        byte[] samples = new byte[contract.tensorSize()];
        int range = 64 * (index + 1);
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
