package dev.glint.runtime.engine.glint;

/** Rounding to the nearest integer, halves to the even one, without a call or a branch. */
final class Rounding {
    /** 1.5 x 2^23: a float has no bits left for fractions there. */
    private static final float SHIFT = 0x1.8p23f;

    private static final int SHIFT_BITS = Float.floatToRawIntBits(SHIFT);

    private Rounding() {}

    /**
     * A byte: {@code clamp(roundHalfEven(value) + zeroPoint, min, max)}.
     *
     * @param value any; what is not a number becomes {@code min}
     */
    static byte toByte(float value, int zeroPoint, int min, int max) {
        // Clamped before it is rounded: the shift is exact for small values only.
        float least = min - zeroPoint;
        float most = max - zeroPoint;
        float clamped = value >= least ? (value <= most ? value : most) : least;
        return (byte) (Float.floatToRawIntBits(clamped + SHIFT) - SHIFT_BITS + zeroPoint);
    }
}
