package dev.glint.trainer.data;

import dev.glint.runtime.contract.GeometricStep;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Interpolation;
import dev.glint.runtime.image.Resampler;

/**
 * What random crops are cut from: a picture, upright and in the contract's colours, shrunk if it is larger than crops can
 * make use of.
 *
 * @param contract decides everything but the size
 * @param shorterSide rows or columns, whichever are fewer, of what is larger
 */
record CropSource(PreprocessContract contract, int shorterSide) implements PictureSet.Derivation {
    @Override
    public DecodeOptions decodeOptions() {
        return contract.decodeOptions(new GeometricStep.ResizeShorterSide(shorterSide, Interpolation.BILINEAR));
    }

    @Override
    public Image derive(Image picture) {
        Image upright = new Preprocessor(contract).upright(picture);
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
