package dev.glint.runtime.decode.jpeg;

/**
 * Dequantization and the inverse discrete cosine transform of a block, to 8x8 samples or to fewer: libjpeg's, with the
 * 16-bit overflows and saturations of libjpeg-turbo's vector code for x86-64, which only broken files bring about.
 */
sealed interface BlockTransform permits InverseDct, HalfDct, QuarterDct, BlockAverage {

    /** Columns and rows that a block becomes: 1, 2, 4 or 8. */
    int size();

    /**
     * Transforms a block.
     *
     * @param block holds its coefficients in natural order
     * @param from where they begin
     * @param divisors the quantization table in natural order
     * @param samples takes the samples
     * @param at where the first of them goes
     * @param stride from one row of samples to the next
     */
    void transform(short[] block, int from, short[] divisors, byte[] samples, int at, int stride);

    /**
     * Transforms a block whose last coefficient other than zero is the first one.
     *
     * @param dc that coefficient
     * @param divisor its divisor
     */
    void transformFlat(short dc, short divisor, byte[] samples, int at, int stride);

    /** That to blocks of a size. */
    static BlockTransform toSize(int size) {
        return switch (size) {
            case 8 -> new InverseDct();
            case 4 -> new HalfDct();
            case 2 -> new QuarterDct();
            case 1 -> new BlockAverage();
            default -> throw new IllegalArgumentException("blocks of " + size);
        };
    }

    /** A sample of a value around 0, limited to 0 to 255. */
    static byte sample(int value) {
        int sample = value + 128;
        if ((sample & ~0xff) != 0) {
            sample = sample < 0 ? 0 : 255;
        }
        return (byte) sample;
    }

    /** A value limited to 16 bits. */
    static int saturate(int value) {
        return Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, value));
    }
}
