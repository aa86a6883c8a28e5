package dev.glint.runtime.decode.jpeg;

/**
 * Dequantization and the inverse discrete cosine transform: libjpeg's accurate integer one ("islow"), after C. Loeffler,
 * A. Ligtenberg and G. Moschytz, "Practical fast 1-D DCT algorithms with 11 multiplications", ICASSP 1989, with 13 bits
 * of constants and 2 extra bits between the passes. The 16-bit overflows and saturations that only broken files bring
 * about are those of libjpeg-turbo's vector code for x86-64.
 */
final class InverseDct implements BlockTransform {
    private static final int CONSTANT_BITS = 13;
    private static final int PASS_BITS = 2;

    /** What the first pass shifts away, and half of that. */
    private static final int SHIFT_1 = CONSTANT_BITS - PASS_BITS;

    private static final int HALF_1 = 1 << SHIFT_1 - 1;

    /** What the second pass shifts away (3 for the size of the block), and half of that. */
    private static final int SHIFT_2 = CONSTANT_BITS + PASS_BITS + 3;

    private static final int HALF_2 = 1 << SHIFT_2 - 1;

    // Products and sums of the paper's constants, times 2^13.
    private static final int F_0_298 = 2446;
    private static final int F_0_390 = 3196;
    private static final int F_0_541 = 4433;
    private static final int F_0_765 = 6270;
    private static final int F_0_899 = 7373;
    private static final int F_1_175 = 9633;
    private static final int F_1_501 = 12299;
    private static final int F_1_847 = 15137;
    private static final int F_1_961 = 16069;
    private static final int F_2_053 = 16819;
    private static final int F_2_562 = 20995;
    private static final int F_3_072 = 25172;

    private final int[] workspace = new int[64];

    @Override
    public int size() {
        return 8;
    }

    @Override
    public void transformFlat(short dc, short divisor, byte[] samples, int at, int stride) {
        short scaled = (short) (dc * divisor << PASS_BITS);
        byte sample = BlockTransform.sample(scaled + (1 << PASS_BITS + 2) >> PASS_BITS + 3);
        for (int row = 0; row < 8; row++) {
            int start = at + row * stride;
            for (int column = 0; column < 8; column++) {
                samples[start + column] = sample;
            }
        }
    }

    @Override
    public void transform(short[] block, int from, short[] divisors, byte[] samples, int at, int stride) {
        boolean overflow = false;
        for (int column = 0; column < 8; column++) {
            overflow |= transformColumn(block, from + column, divisors, column);
        }
        if (overflow) {
            saturate(block, from);
        }
        for (int row = 0; row < 8; row++) {
            transformRow(row * 8, samples, at + row * stride);
        }
    }

    /** Transforms a column into the workspace; returns whether a result lies outside 16 bits. */
    private boolean transformColumn(short[] block, int c, short[] divisors, int column) {
        int[] out = workspace;
        short b1 = block[c + 8];
        short b2 = block[c + 16];
        short b3 = block[c + 24];
        short b4 = block[c + 32];
        short b5 = block[c + 40];
        short b6 = block[c + 48];
        short b7 = block[c + 56];
        short in0 = (short) (block[c] * divisors[column]);
        if ((b1 | b2 | b3 | b4 | b5 | b6 | b7) == 0) {
            int flat = in0 << PASS_BITS;
            out[column] = flat;
            out[column + 8] = flat;
            out[column + 16] = flat;
            out[column + 24] = flat;
            out[column + 32] = flat;
            out[column + 40] = flat;
            out[column + 48] = flat;
            out[column + 56] = flat;
            return flat != (short) flat;
        }
        short in1 = (short) (b1 * divisors[column + 8]);
        short in2 = (short) (b2 * divisors[column + 16]);
        short in3 = (short) (b3 * divisors[column + 24]);
        short in4 = (short) (b4 * divisors[column + 32]);
        short in5 = (short) (b5 * divisors[column + 40]);
        short in6 = (short) (b6 * divisors[column + 48]);
        short in7 = (short) (b7 * divisors[column + 56]);

        int even3 = in2 * (F_0_541 + F_0_765) + in6 * F_0_541;
        int even2 = in2 * F_0_541 + in6 * (F_0_541 - F_1_847);
        int even0 = ((short) (in0 + in4) << CONSTANT_BITS) + HALF_1;
        int even1 = ((short) (in0 - in4) << CONSTANT_BITS) + HALF_1;
        int even10 = even0 + even3;
        int even13 = even0 - even3;
        int even11 = even1 + even2;
        int even12 = even1 - even2;

        short sum37 = (short) (in3 + in7);
        short sum15 = (short) (in1 + in5);
        int z3 = sum37 * (F_1_175 - F_1_961) + sum15 * F_1_175;
        int z4 = sum37 * F_1_175 + sum15 * (F_1_175 - F_0_390);
        int odd0 = in7 * (F_0_298 - F_0_899) - in1 * F_0_899 + z3;
        int odd1 = in5 * (F_2_053 - F_2_562) - in3 * F_2_562 + z4;
        int odd2 = in3 * (F_3_072 - F_2_562) - in5 * F_2_562 + z3;
        int odd3 = in1 * (F_1_501 - F_0_899) - in7 * F_0_899 + z4;

        int out0 = even10 + odd3 >> SHIFT_1;
        int out7 = even10 - odd3 >> SHIFT_1;
        int out1 = even11 + odd2 >> SHIFT_1;
        int out6 = even11 - odd2 >> SHIFT_1;
        int out2 = even12 + odd1 >> SHIFT_1;
        int out5 = even12 - odd1 >> SHIFT_1;
        int out3 = even13 + odd0 >> SHIFT_1;
        int out4 = even13 - odd0 >> SHIFT_1;
        out[column] = out0;
        out[column + 8] = out1;
        out[column + 16] = out2;
        out[column + 24] = out3;
        out[column + 32] = out4;
        out[column + 40] = out5;
        out[column + 48] = out6;
        out[column + 56] = out7;
        return (out0 + 0x8000
                                | out1 + 0x8000
                                | out2 + 0x8000
                                | out3 + 0x8000
                                | out4 + 0x8000
                                | out5 + 0x8000
                                | out6 + 0x8000
                                | out7 + 0x8000)
                        >>> 16
                != 0;
    }

    /** Brings the workspace into 16 bits: by wrapping if the block has only coefficients of the first row. */
    private void saturate(short[] block, int from) {
        boolean firstRowOnly = true;
        for (int i = 8; i < 64; i++) {
            firstRowOnly &= block[from + i] == 0;
        }
        for (int i = 0; i < 64; i++) {
            int value = workspace[i];
            workspace[i] = firstRowOnly ? (short) value : Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, value));
        }
    }

    private void transformRow(int r, byte[] samples, int at) {
        int[] in = workspace;
        int in0 = in[r];
        int in1 = in[r + 1];
        int in2 = in[r + 2];
        int in3 = in[r + 3];
        int in4 = in[r + 4];
        int in5 = in[r + 5];
        int in6 = in[r + 6];
        int in7 = in[r + 7];

        int even3 = in2 * (F_0_541 + F_0_765) + in6 * F_0_541;
        int even2 = in2 * F_0_541 + in6 * (F_0_541 - F_1_847);
        int even0 = ((short) (in0 + in4) << CONSTANT_BITS) + HALF_2;
        int even1 = ((short) (in0 - in4) << CONSTANT_BITS) + HALF_2;
        int even10 = even0 + even3;
        int even13 = even0 - even3;
        int even11 = even1 + even2;
        int even12 = even1 - even2;

        short sum37 = (short) (in3 + in7);
        short sum15 = (short) (in1 + in5);
        int z3 = sum37 * (F_1_175 - F_1_961) + sum15 * F_1_175;
        int z4 = sum37 * F_1_175 + sum15 * (F_1_175 - F_0_390);
        int odd0 = in7 * (F_0_298 - F_0_899) - in1 * F_0_899 + z3;
        int odd1 = in5 * (F_2_053 - F_2_562) - in3 * F_2_562 + z4;
        int odd2 = in3 * (F_3_072 - F_2_562) - in5 * F_2_562 + z3;
        int odd3 = in1 * (F_1_501 - F_0_899) - in7 * F_0_899 + z4;

        samples[at] = BlockTransform.sample(even10 + odd3 >> SHIFT_2);
        samples[at + 1] = BlockTransform.sample(even11 + odd2 >> SHIFT_2);
        samples[at + 2] = BlockTransform.sample(even12 + odd1 >> SHIFT_2);
        samples[at + 3] = BlockTransform.sample(even13 + odd0 >> SHIFT_2);
        samples[at + 4] = BlockTransform.sample(even13 - odd0 >> SHIFT_2);
        samples[at + 5] = BlockTransform.sample(even12 - odd1 >> SHIFT_2);
        samples[at + 6] = BlockTransform.sample(even11 - odd2 >> SHIFT_2);
        samples[at + 7] = BlockTransform.sample(even10 - odd3 >> SHIFT_2);
    }
}
