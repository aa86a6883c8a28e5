package dev.glint.runtime.contract;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Executes a {@link PreprocessContract}: training, calibration, evaluation and the device all call this class. It has
 * two halves, so that a trainer can augment between them: {@link #toPixels} decides the 8-bit pixels, {@link
 * #toTensor} turns them into the tensor. Immutable and safe for use by several threads.
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
     * Turns interleaved 8-bit samples into the tensor of one picture, of 32-bit floats.
     *
     * @param samples height x width x channels samples from {@code offset} on, red first
     * @param tensor takes the values of {@link PreprocessContract#shape()} at its position, which moves behind them
     * @throws IllegalStateException if the contract's tensor is of another type
     */
    public void normalize(byte[] samples, int offset, FloatBuffer tensor) {
        require(ElementType.FLOAT32);
        int channels = contract.channels();
        int pixels = contract.width() * contract.height();
        int start = tensor.position();
        for (int c = 0; c < channels; c++) {
            float[] table = normalized[c];
            int from = offset + contract.colorSpace().sample(c);
            if (contract.layout() == Layout.NCHW) {
                int at = start + c * pixels;
                for (int i = 0; i < pixels; i++, from += channels) {
                    tensor.put(at + i, table[samples[from] & 0xff]);
                }
            } else {
                for (int i = 0, at = start + c; i < pixels; i++, at += channels, from += channels) {
                    tensor.put(at, table[samples[from] & 0xff]);
                }
            }
        }
        tensor.position(start + channels * pixels);
    }

    /** As {@link #normalize}, of bytes. */
    private void arrange(byte[] samples, int offset, ByteBuffer tensor) {
        require(ElementType.UINT8);
        int channels = contract.channels();
        int pixels = contract.width() * contract.height();
        boolean planar = contract.layout() == Layout.NCHW;
        int start = tensor.position();
        for (int c = 0; c < channels; c++) {
            int step = planar ? 1 : channels;
            int at = start + (planar ? c * pixels : c);
            int from = offset + contract.colorSpace().sample(c);
            for (int i = 0; i < pixels; i++, at += step, from += channels) {
                tensor.put(at, samples[from]);
            }
        }
        tensor.position(start + channels * pixels);
    }

    private void require(ElementType type) {
        if (contract.elementType() != type) {
            throw new IllegalStateException("a tensor of " + contract.elementType() + ", not " + type);
        }
    }

    /** What {@link #normalize} makes of a sample, 0 to 255, of a channel of the tensor. */
    public float normalized(int channel, int sample) {
        return normalized[channel][sample];
    }

    /**
     * The second half, whatever the contract's element type is.
     *
     * @param pixels a picture of the contract's width, height and colour space, as {@link #toPixels} makes it
     * @param tensor a {@link FloatBuffer}, or a {@link ByteBuffer} where the element type is {@link ElementType#UINT8}; takes the
     *     values of {@link PreprocessContract#shape()} at its position, which moves behind them
     * @throws IllegalStateException if it is of another type
     */
    public void toTensor(Image pixels, Buffer tensor) {
        if (tensor instanceof FloatBuffer floats) {
            normalize(pixels.samples(), 0, floats);
        } else if (tensor instanceof ByteBuffer bytes) {
            arrange(pixels.samples(), 0, bytes);
        } else {
            throw new IllegalStateException("a tensor in a " + tensor);
        }
    }

    /** Both halves at once, as {@link #toPixels} and {@link #toTensor}. */
    public void preprocess(Image image, Buffer tensor) {
        toTensor(toPixels(image), tensor);
    }

    /** Room outside the heap for the tensors of so many pictures, in the order of bytes that this machine has. */
    public Buffer allocateTensor(int pictures) {
        ElementType type = contract.elementType();
        int bytes = Math.multiplyExact(Math.multiplyExact(pictures, contract.tensorSize()), type.bytes());
        return type.view(ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()));
    }
}
