package dev.glint.trainer.data;

import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Interpolation;
import dev.glint.runtime.image.Resampler;

/** What random crops are cut from. */
final class CropSources {
    private CropSources() {}

    /** A picture, upright and in the contract's colours, shrunk to {@code shorterSide} if it is larger. */
    static Image prepare(Image picture, Preprocessor preprocessor, int shorterSide) {
        Image upright = preprocessor.upright(picture);
        int width = upright.width();
        int height = upright.height();
        int shorter = Math.min(width, height);
        if (shorter <= shorterSide) {
            return upright;
        }
        int longer = (int) ((long) shorterSide * Math.max(width, height) / shorter);
        return width < height
                ? Resampler.resize(upright, shorterSide, longer, Interpolation.BILINEAR)
                : Resampler.resize(upright, longer, shorterSide, Interpolation.BILINEAR);
    }
}
