package dev.glint.runtime.engine.glint;

/**
 * How two bytes a and b are multiplied: {@code clamp(roundHalfEven((a - zeroA) * (b - zeroB) * ratio + zero), 0, 255)}, in 32-bit
 * floats, as ONNX Runtime's QLinearMul has it.
 *
 * @param ratio the product of the scales of a and b over the scale of the result
 */
record QuantizedProduct(float ratio, int zeroA, int zeroB, float zero) {

    static QuantizedProduct plan(Encoding a, Encoding b, Encoding to) {
        return new QuantizedProduct(a.scale() * b.scale() / to.scale(), a.zeroPoint(), b.zeroPoint(), to.zeroPoint());
    }

    /**
     * Multiplies arrays, of which one may be shorter and goes along again and again.
     *
     * @param periodA after how many elements a begins again
     * @param periodB after how many b does
     */
    void multiply(byte[] a, int periodA, byte[] b, int periodB, byte[] output, int count) {
        int i = 0;
        int j = 0;
        for (int at = 0; at < count; at++) {
            int product = ((a[i] & 0xff) - zeroA) * ((b[j] & 0xff) - zeroB);
            output[at] = Rounding.toByte(product * ratio + zero, 0, 0, 255);
            i = i + 1 == periodA ? 0 : i + 1;
            j = j + 1 == periodB ? 0 : j + 1;
        }
    }
}
