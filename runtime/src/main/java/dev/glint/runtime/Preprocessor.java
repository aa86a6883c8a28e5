package dev.glint.runtime;

import dev.glint.runtime.PreprocessContract.ColorSpace;
import dev.glint.runtime.PreprocessContract.GeometricStep;
import dev.glint.runtime.PreprocessContract.OrientationRule;
import dev.glint.runtime.decode.DecodeLimits;
import dev.glint.runtime.resize.Resampler;
import java.nio.FloatBuffer;

/**
 * Executes a {@link PreprocessContract}: training, calibration, evaluation and the device all call this class. It has
 * two halves, so that a trainer can augment between them: {@link #toPixels} decides the 8-bit pixels, {@link
 * #normalize} turns them into the tensor. Immutable and safe for use by several threads.
 */
public final class Preprocessor {
    /** A strip of a few pixels' height would become gigantic if its shorter side grew to what a model expects. */
    private static final long MAX_PIXELS = DecodeLimits.defaults().pixels();

    private final PreprocessContract contract;
    private final float[][] normalized;

    public Preprocessor(PreprocessContract contract) {
        this.contract = contract;
        this.normalized = new float[contract.channels()][256];
        for (int c = 0; c < normalized.length; c++) {
            float mean = contract.mean().get(c).floatValue();
            float std = contract.std().get(c).floatValue();
            for (int sample = 0; sample < 256; sample++) {
                // Three roundings to float, as torchvision's ToTensor and Normalize make them.
                normalized[c][sample] = ((float) (sample * contract.scale()) - mean) / std;
            }
        }
    }

    /** The contract that is executed. */
    public PreprocessContract contract() {
        return contract;
    }

    /**
     * The pixels that the model sees: alpha, colour space and orientation settled, all geometric steps done.
     *
     * @param image any picture
     * @return an upright picture of the contract's width, height and colour space
     * @throws GlintException ({@code LIMIT}) if the picture is so thin that a step would make it larger than 40 megapixels
     */
    public Image toPixels(Image image) {
        Image pixels = upright(image);
        for (GeometricStep step : contract.steps()) {
            pixels = apply(step, pixels);
        }
        return pixels;
    }

    /**
     * The first part of {@link #toPixels}: alpha, colour space and orientation settled, no geometric step done.
     *
     * @param image any picture
     * @return a picture of the contract's colour space
     */
    public Image upright(Image image) {
        Image pixels = Pixels.withoutAlpha(image, contract.alpha());
        pixels = contract.colorSpace() == ColorSpace.GRAY ? Pixels.gray(pixels) : Pixels.rgb(pixels);
        return contract.orientation() == OrientationRule.APPLY ? Pixels.upright(pixels) : pixels;
    }

    /**
     * Turns interleaved 8-bit samples into the planar tensor of one picture.
     *
     * @param samples height x width x channels samples from {@code offset} on
     * @param tensor takes channels x height x width values at its position, which moves behind them
     */
    public void normalize(byte[] samples, int offset, FloatBuffer tensor) {
        int channels = contract.channels();
        int plane = contract.width() * contract.height();
        int start = tensor.position();
        for (int c = 0; c < channels; c++) {
            float[] table = normalized[c];
            int at = start + c * plane;
            for (int i = 0, from = offset + c; i < plane; i++, from += channels) {
                tensor.put(at + i, table[samples[from] & 0xff]);
            }
        }
        tensor.position(start + channels * plane);
    }

    /** What {@link #normalize} makes of a sample, 0 to 255, of a channel. */
    public float normalized(int channel, int sample) {
        return normalized[channel][sample];
    }

    /**
     * Both halves at once.
     *
     * @param image any picture
     * @param tensor takes the (C, H, W) values at its position, which moves behind them
     */
    public void preprocess(Image image, FloatBuffer tensor) {
        normalize(toPixels(image).samples(), 0, tensor);
    }

    static Image apply(GeometricStep step, Image image) {
        if (step instanceof GeometricStep.ResizeShorterSide resize) {
            return resizeShorterSide(image, resize);
        }
        if (step instanceof GeometricStep.ResizeExact resize) {
            return Resampler.resize(image, resize.width(), resize.height(), resize.interpolation());
        }
        if (step instanceof GeometricStep.Fit fit) {
            return fit(image, fit);
        }
        GeometricStep.CenterCrop crop = (GeometricStep.CenterCrop) step;
        return Pixels.centerCrop(image, crop.width(), crop.height());
    }

    private static Image resizeShorterSide(Image image, GeometricStep.ResizeShorterSide resize) {
        int shorter = Math.min(image.width(), image.height());
        int longer = Math.max(image.width(), image.height());
        int longSide = (int) Math.min(Integer.MAX_VALUE, (long) resize.size() * longer / shorter);
        boolean portrait = image.width() <= image.height();
        int width = portrait ? resize.size() : longSide;
        int height = portrait ? longSide : resize.size();
        if ((long) width * height > MAX_PIXELS) {
            throw DecodeLimits.exceeded(
                    "a picture of " + image.width() + "x" + image.height() + ", to be resized to " + width + "x"
                            + height,
                    "at most " + MAX_PIXELS + " pixels then");
        }
        return Resampler.resize(image, width, height, resize.interpolation());
    }

    /** In floating point and rounded half to even as Pillow computes it, so that no size is off by one. */
    private static Image fit(Image image, GeometricStep.Fit fit) {
        double ratio = (double) image.width() / image.height();
        double frame = (double) fit.width() / fit.height();
        int width = fit.width();
        int height = fit.height();
        if (ratio > frame) {
            height = Math.max(1, (int) Math.rint((double) image.height() / image.width() * fit.width()));
        } else if (ratio < frame) {
            width = Math.max(1, (int) Math.rint(ratio * fit.height()));
        }
        Image resized = Resampler.resize(image, width, height, fit.interpolation());
        return Pixels.pad(resized, fit);
    }
}
