package dev.glint.runtime.decode.jpeg;

/**
 * A block becomes 4x4 samples: libjpeg's reduced transform, which leaves out the coefficients of the fifth row and column and
 * takes every second sample's average of the others (after C. Loeffler, A. Ligtenberg and G. Moschytz, as {@link
 * InverseDct}), with 13 bits of constants and 2 extra bits between the passes.
 */
final class HalfDct implements BlockTransform {
    private static final int CONSTANT_BITS = 13;
    private static final int PASS_BITS = 2;
    private static final int DC_SHIFT = CONSTANT_BITS + 1;

    /** What the first pass shifts away, and half of that. */
    private static final int SHIFT_1 = CONSTANT_BITS - PASS_BITS + 1;

    private static final int HALF_1 = 1 << SHIFT_1 - 1;

    /** What the second pass shifts away (3 for the size of the block), and half of that. */
    private static final int SHIFT_2 = CONSTANT_BITS + PASS_BITS + 3 + 1;

    private static final int HALF_2 = 1 << SHIFT_2 - 1;

    // Cosines and sums of them, times 2^13.
    private static final int F_0_211 = 1730;
    private static final int F_0_509 = 4176;
    private static final int F_0_601 = 4926;
    private static final int F_0_765 = 6270;
    private static final int F_0_899 = 7373;
    private static final int F_1_061 = 8697;
    private static final int F_1_451 = 11893;
    private static final int F_1_847 = 15137;
    private static final int F_2_172 = 17799;
    private static final int F_2_562 = 20995;

    /** Four rows of eight. */
    private final int[] workspace = new int[32];

    @Override
    public int size() {
        return 4;
    }

    @Override
    public void transformFlat(short dc, short divisor, byte[] samples, int at, int stride) {
        short scaled = (short) (dc * divisor << PASS_BITS);
        byte sample = BlockTransform.sample(scaled + (1 << PASS_BITS + 2) >> PASS_BITS + 3);
        for (int row = 0; row < 4; row++) {
            int start = at + row * stride;
            samples[start] = sample;
            samples[start + 1] = sample;
            samples[start + 2] = sample;
            samples[start + 3] = sample;
        }
    }

    @Override
    public void transform(short[] block, int from, short[] divisors, byte[] samples, int at, int stride) {
        boolean overflow = false;
        for (int column = 0; column < 8; column++) {
            if (column != 4) {
                overflow |= transformColumn(block, from + column, divisors, column);
            }
        }
        if (overflow) {
            bringInto16Bits(block, from);
        }
        for (int row = 0; row < 4; row++) {
            transformRow(row * 8, samples, at + row * stride);
        }
    }

    /** Transforms a column into the workspace; returns whether a result lies outside 16 bits. */
    private boolean transformColumn(short[] block, int c, short[] divisors, int column) {
        int dc = (short) (block[c] * divisors[column]) << DC_SHIFT;
        int in1 = (short) (block[c + 8] * divisors[column + 8]);
        int in2 = (short) (block[c + 16] * divisors[column + 16]);
        int in3 = (short) (block[c + 24] * divisors[column + 24]);
        int in5 = (short) (block[c + 40] * divisors[column + 40]);
        int in6 = (short) (block[c + 48] * divisors[column + 48]);
        int in7 = (short) (block[c + 56] * divisors[column + 56]);

        int even = in2 * F_1_847 - in6 * F_0_765;
        int outer = in1 * F_2_562 + in3 * F_0_899 - in5 * F_0_601 - in7 * F_0_509;
        int inner = in1 * F_1_061 - in3 * F_2_172 + in5 * F_1_451 - in7 * F_0_211;
        int out0 = dc + even + outer + HALF_1 >> SHIFT_1;
        int out3 = dc + even - outer + HALF_1 >> SHIFT_1;
        int out1 = dc - even + inner + HALF_1 >> SHIFT_1;
        int out2 = dc - even - inner + HALF_1 >> SHIFT_1;
        workspace[column] = out0;
        workspace[column + 8] = out1;
        workspace[column + 16] = out2;
        workspace[column + 24] = out3;
        return (out0 + 0x8000 | out1 + 0x8000 | out2 + 0x8000 | out3 + 0x8000) >>> 16 != 0;
    }

    /** By wrapping if the block has no coefficients that count below its first row, else by saturating. */
    private void bringInto16Bits(short[] block, int from) {
        boolean firstRowOnly = true;
        for (int i = 8; i < 64; i++) {
            firstRowOnly &= block[from + i] == 0 || i / 8 == 4;
        }
        for (int i = 0; i < workspace.length; i++) {
            int value = workspace[i];
            workspace[i] = firstRowOnly ? (short) value : BlockTransform.saturate(value);
        }
    }

    private void transformRow(int r, byte[] samples, int at) {
        int[] in = workspace;
        int dc = in[r] << DC_SHIFT;
        int even = in[r + 2] * F_1_847 - in[r + 6] * F_0_765;
        int outer = in[r + 1] * F_2_562 + in[r + 3] * F_0_899 - in[r + 5] * F_0_601 - in[r + 7] * F_0_509;
        int inner = in[r + 1] * F_1_061 - in[r + 3] * F_2_172 + in[r + 5] * F_1_451 - in[r + 7] * F_0_211;
        samples[at] = BlockTransform.sample(dc + even + outer + HALF_2 >> SHIFT_2);
        samples[at + 1] = BlockTransform.sample(dc - even + inner + HALF_2 >> SHIFT_2);
        samples[at + 2] = BlockTransform.sample(dc - even - inner + HALF_2 >> SHIFT_2);
        samples[at + 3] = BlockTransform.sample(dc + even - outer + HALF_2 >> SHIFT_2);
    }
}
