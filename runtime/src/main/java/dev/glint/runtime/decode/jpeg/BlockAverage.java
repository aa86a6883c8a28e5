package dev.glint.runtime.decode.jpeg;

/** A block becomes one sample, its average. */
final class BlockAverage implements BlockTransform {
    /** As libjpeg limits a sample: what is far out of range, in a broken file, is taken as its last ten bits. */
    private static final int UNUSED_BITS = 32 - 10;

    @Override
    public int size() {
        return 1;
    }

    @Override
    public void transform(short[] block, int from, short[] divisors, byte[] samples, int at, int stride) {
        transformFlat(block[from], divisors[0], samples, at, stride);
    }

    @Override
    public void transformFlat(short dc, short divisor, byte[] samples, int at, int stride) {
        int average = dc * divisor + 4 >> 3;
        samples[at] = BlockTransform.sample(average << UNUSED_BITS >> UNUSED_BITS);
    }
}
