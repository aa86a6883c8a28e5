package dev.glint.runtime.contract;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import java.nio.FloatBuffer;

/**
 * Executes a {@link PreprocessContract}: training, calibration, evaluation and the device all call this class. It has
 * two halves, so that a trainer can augment between them: {@link #toPixels} decides the 8-bit pixels, {@link
 * #normalize} turns them into the tensor. Immutable and safe for use by several threads.
 */
public final class Preprocessor {
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
            pixels = step.apply(pixels);
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
        Image opaque = contract.alpha().apply(image);
        return contract.orientation().apply(contract.colorSpace().convert(opaque));
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
}
