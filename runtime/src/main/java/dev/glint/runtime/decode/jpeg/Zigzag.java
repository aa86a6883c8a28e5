package dev.glint.runtime.decode.jpeg;

import java.util.Arrays;

/** The order in which the 64 coefficients of a block are sent (T.81, figure A.6). */
final class Zigzag {
    /** Coefficients of a block. */
    static final int COEFFICIENTS = 64;

    /**
     * Place in the block, row by row, of the k-th coefficient sent. Longer than a block by the longest run of zeros: a
     * broken file that runs over the end of a block hits its last coefficient, as in libjpeg.
     */
    static final byte[] TO_NATURAL = toNatural();

    private Zigzag() {}

    private static byte[] toNatural() {
        byte[] order = new byte[COEFFICIENTS + 16];
        Arrays.fill(order, (byte) (COEFFICIENTS - 1));
        int k = 0;
        for (int diagonal = 0; diagonal < 15; diagonal++) {
            int first = Math.max(0, diagonal - 7);
            int last = Math.min(7, diagonal);
            for (int i = first; i <= last; i++) {
                int row = diagonal % 2 == 0 ? diagonal - i : i;
                order[k++] = (byte) (row * 8 + diagonal - row);
            }
        }
        return order;
    }
}
