package dev.glint.runtime.engine.glint;

/**
 * How the 32-bit sum of a convolution becomes a byte: {@code clamp(roundHalfEven((float) sum * multiplier[channel]) + zeroPoint,
 * min, max)}, the product in 32-bit floats, as ONNX Runtime has it.
 *
 * @param multipliers one for each output channel: scale of the input times scale of the weights, over the scale of the output
 * @param zeroPoint the byte that stands for 0, 0 to 255
 * @param min the smallest byte there may be, 0 to 255; that of 0 where a ReLU follows
 * @param max the largest byte there may be
 */
public record Requantization(float[] multipliers, int zeroPoint, int min, int max) {
    public Requantization {
        if (zeroPoint < 0 || zeroPoint > 255 || min < 0 || max > 255 || min > max) {
            throw new IllegalArgumentException("bytes from " + min + " to " + max + ", zero at " + zeroPoint);
        }
    }
}
