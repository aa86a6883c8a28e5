package dev.glint.runtime.engine.glint;

import org.jspecify.annotations.Nullable;

/**
 * What unsigned bytes stand for: {@code (byte - zeroPoint) * scale}. Signed ones are taken as unsigned with 128 added to byte and
 * zero point, which changes no product and no sum.
 *
 * @param scale finite, above 0
 * @param zeroPoint 0 to 255
 */
record Encoding(float scale, int zeroPoint) {
    Encoding {
        if (!(scale > 0) || scale == Float.POSITIVE_INFINITY) {
            throw new UnsupportedGraph("a scale of " + scale);
        }
        if (zeroPoint < 0 || zeroPoint > 255) {
            throw new UnsupportedGraph("a zero point of " + zeroPoint);
        }
    }

    /** By hand, for a start: what the compiler makes of a record runs through method handles, which a native image interprets. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Encoding that && scale == that.scale && zeroPoint == that.zeroPoint;
    }

    @Override
    public int hashCode() {
        return 31 * Float.hashCode(scale) + zeroPoint;
    }

    /** The byte that stands for a number, or the one next to it; infinities end at the bounds. */
    byte encode(float value) {
        return Rounding.toByte(value / scale, zeroPoint, 0, 255);
    }

    /** The number that a byte stands for, 0 to 255. */
    float decode(int value) {
        return (value - zeroPoint) * scale;
    }

    /** What a function makes of each of the 256 numbers. */
    float[] table(FloatFunction function) {
        float[] table = new float[256];
        for (int i = 0; i < table.length; i++) {
            table[i] = function.apply(decode(i));
        }
        return table;
    }
}
