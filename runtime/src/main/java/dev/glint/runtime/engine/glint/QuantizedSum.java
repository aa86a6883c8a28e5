package dev.glint.runtime.engine.glint;

/**
 * How two bytes a and b are added: {@code clamp(roundHalfEven(fma(a, ratioA, fma(b, ratioB, offset))), min, max)}, {@code fma} in
 * 32-bit floats with one rounding, as ONNX Runtime's QLinearAdd has it on processors with such an instruction.
 *
 * @param ratioA scale of a over the scale of the result
 * @param ratioB scale of b over the scale of the result
 * @param offset what the zero points come to
 * @param min the smallest byte there may be, 0 to 255
 * @param max the largest byte there may be
 */
public record QuantizedSum(float ratioA, float ratioB, float offset, int min, int max) {
    public QuantizedSum {
        if (min < 0 || max > 255 || min > max) {
            throw new IllegalArgumentException("bytes from " + min + " to " + max);
        }
    }

    /** The arithmetic of ONNX Runtime's QLinearAdd. */
    static QuantizedSum plan(Encoding a, Encoding b, Encoding to, int min, int max) {
        float ratioA = a.scale() / to.scale();
        float ratioB = b.scale() / to.scale();
        // One rounding less, as compilers do where there is such an instruction.
        double zeroB = ratioB * b.zeroPoint();
        float zeros = (float) ((double) ratioA * a.zeroPoint() + zeroB);
        return new QuantizedSum(ratioA, ratioB, to.zeroPoint() - zeros, min, max);
    }
}
