package dev.glint.runtime.decode.jpeg;

/**
 * A block becomes 2x2 samples: libjpeg's reduced transform, which takes the first coefficient and the odd ones of the
 * columns and rows, with 13 bits of constants and 2 extra bits between the passes.
 */
final class QuarterDct implements BlockTransform {
    private static final int CONSTANT_BITS = 13;
    private static final int PASS_BITS = 2;
    private static final int DC_SHIFT = CONSTANT_BITS + 2;

    /** What the first pass shifts away, and half of that. */
    private static final int SHIFT_1 = CONSTANT_BITS - PASS_BITS + 2;

    private static final int HALF_1 = 1 << SHIFT_1 - 1;

    /** What the second pass shifts away (3 for the size of the block), and half of that. */
    private static final int SHIFT_2 = CONSTANT_BITS + PASS_BITS + 3 + 2;

    private static final int HALF_2 = 1 << SHIFT_2 - 1;

    // Sums of cosines, times 2^13.
    private static final int F_0_720 = 5906;
    private static final int F_0_850 = 6967;
    private static final int F_1_272 = 10426;
    private static final int F_3_624 = 29692;

    /** Two rows of eight. */
    private final int[] workspace = new int[16];

    @Override
    public int size() {
        return 2;
    }

    @Override
    public void transformFlat(short dc, short divisor, byte[] samples, int at, int stride) {
        int average = (short) (dc * divisor) << PASS_BITS;
        byte sample = BlockTransform.sample((average << DC_SHIFT) + HALF_2 >> SHIFT_2);
        samples[at] = sample;
        samples[at + 1] = sample;
        samples[at + stride] = sample;
        samples[at + stride + 1] = sample;
    }

    @Override
    public void transform(short[] block, int from, short[] divisors, byte[] samples, int at, int stride) {
        transformColumn(block, from, divisors, 0);
        for (int column = 1; column < 8; column += 2) {
            transformColumn(block, from + column, divisors, column);
        }
        for (int row = 0; row < 2; row++) {
            transformRow(row * 8, samples, at + row * stride);
        }
    }

    private void transformColumn(short[] block, int c, short[] divisors, int column) {
        int dc = (short) (block[c] * divisors[column]) << DC_SHIFT;
        int odd = (short) (block[c + 8] * divisors[column + 8]) * F_3_624
                - (short) (block[c + 24] * divisors[column + 24]) * F_1_272
                + (short) (block[c + 40] * divisors[column + 40]) * F_0_850
                - (short) (block[c + 56] * divisors[column + 56]) * F_0_720;
        workspace[column] = dc + odd + HALF_1 >> SHIFT_1;
        workspace[column + 8] = dc - odd + HALF_1 >> SHIFT_1;
    }

    private void transformRow(int r, byte[] samples, int at) {
        int dc = workspace[r] << DC_SHIFT;
        int odd = BlockTransform.saturate(workspace[r + 1]) * F_3_624
                - BlockTransform.saturate(workspace[r + 3]) * F_1_272
                + BlockTransform.saturate(workspace[r + 5]) * F_0_850
                - BlockTransform.saturate(workspace[r + 7]) * F_0_720;
        samples[at] = BlockTransform.sample(dc + odd + HALF_2 >> SHIFT_2);
        samples[at + 1] = BlockTransform.sample(dc - odd + HALF_2 >> SHIFT_2);
    }
}
