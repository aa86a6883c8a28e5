package dev.glint.runtime.decode.jpeg;

import java.util.Arrays;

/**
 * Estimates the low frequencies of a block that a progressive file leaves out from the averages of the 5x5 blocks around
 * it, as libjpeg-turbo 2.1 does: as T.81, K.8 describes it, in a larger window; or, where nothing but averages is known,
 * by a Gaussian-like kernel that smooths the averages too.
 */
final class BlockSmoothing {
    private static final int WINDOW = 5;

    /** Weights for each coefficient in zigzag order, where some frequencies are known; none for those not estimated. */
    private static final int[][] SOME_KNOWN = new int[Progression.ESTIMATED][];

    /** Weights for each coefficient in zigzag order, where only averages are known. */
    private static final int[][] AVERAGES_KNOWN = new int[Progression.ESTIMATED][];

    static {
        int[] none = new int[WINDOW];
        SOME_KNOWN[1] = kernel(none, none, row(-7, 50, 0, -50, 7), none, none);
        SOME_KNOWN[2] = transposed(SOME_KNOWN[1]);
        SOME_KNOWN[5] = kernel(none, none, row(-1, 13, -24, 13, -1), none, none);
        SOME_KNOWN[3] = transposed(SOME_KNOWN[5]);
        SOME_KNOWN[4] =
                kernel(row(0, -1, 0, 1, 0), row(-1, 10, 0, -10, 1), none, row(1, -10, 0, 10, -1), row(0, 1, 0, -1, 0));

        int[] outer = row(-1, -1, 0, 1, 1);
        int[] inner = row(-3, 13, 0, -13, 3);
        AVERAGES_KNOWN[1] = kernel(outer, inner, row(-3, 38, 0, -38, 3), inner, outer);
        AVERAGES_KNOWN[2] = transposed(AVERAGES_KNOWN[1]);
        int[] beside = row(0, 2, -5, 2, 0);
        AVERAGES_KNOWN[5] = kernel(none, beside, row(1, 7, -14, 7, 1), beside, none);
        AVERAGES_KNOWN[3] = transposed(AVERAGES_KNOWN[5]);
        AVERAGES_KNOWN[4] =
                kernel(row(-1, 0, 0, 0, 1), row(0, 9, 0, -9, 0), none, row(0, -9, 0, 9, 0), row(1, 0, 0, 0, -1));
        int[] slope = row(0, 1, 0, -1, 0);
        AVERAGES_KNOWN[6] = kernel(none, slope, row(0, 2, 0, -2, 0), slope, none);
        AVERAGES_KNOWN[9] = transposed(AVERAGES_KNOWN[6]);
        AVERAGES_KNOWN[8] = kernel(none, slope, row(0, -3, 0, 3, 0), slope, none);
        AVERAGES_KNOWN[7] = transposed(AVERAGES_KNOWN[8]);
        int[] edge = row(-2, -6, -8, -6, -2);
        int[] near = row(-6, 6, 42, 6, -6);
        AVERAGES_KNOWN[0] = kernel(edge, near, row(-8, 42, 152, 42, -8), near, edge);
    }

    private final Frame frame;
    private final Progression progression;

    /** The last row of MCUs for which the last scan had data; below it, what was known before that scan counts. */
    private final int lastGoodRow;

    private final int[] window = new int[WINDOW * WINDOW];

    BlockSmoothing(Frame frame, Progression progression, int lastGoodRow) {
        this.frame = frame;
        this.progression = progression;
        this.lastGoodRow = lastGoodRow;
    }

    private static int[] row(int... weights) {
        return weights;
    }

    private static int[] kernel(int[]... rows) {
        int[] kernel = new int[WINDOW * WINDOW];
        for (int r = 0; r < WINDOW; r++) {
            System.arraycopy(rows[r], 0, kernel, r * WINDOW, WINDOW);
        }
        return kernel;
    }

    private static int[] transposed(int[] kernel) {
        int[] transposed = new int[kernel.length];
        for (int i = 0; i < kernel.length; i++) {
            transposed[i] = kernel[i % WINDOW * WINDOW + i / WINDOW];
        }
        return transposed;
    }

    /** Whether the picture leaves something to estimate, and gives what that needs. */
    static boolean applies(Frame frame, Progression progression) {
        boolean useful = false;
        for (Component component : frame.components) {
            int[] missing = progression.missingBits(component.index, false);
            if (!component.hasScan || missing[0] == Progression.UNKNOWN) {
                return false;
            }
            for (int k = 0; k < Progression.ESTIMATED; k++) {
                if (component.quantization[Zigzag.TO_NATURAL[k]] == 0) {
                    return false;
                }
                useful |= k > 0 && missing[k] != 0;
            }
        }
        return useful;
    }

    /**
     * Copies the blocks of a row, smoothed.
     *
     * @param blockRow counts within the row of MCUs
     * @param out takes the coefficients of the row's blocks
     */
    void smoothRow(Component component, CoefficientPlane plane, int mcuRow, int blockRow, short[] out) {
        int row = mcuRow * component.vertical + blockRow;
        System.arraycopy(plane.coefficients, plane.offset(row, 0), out, 0, component.blocksPerRow * 64);
        int[] rows = rowsAround(component, mcuRow, blockRow);
        int[] missing = missingBits(component, mcuRow);
        boolean averagesOnly = true;
        for (int k = 1; k < Progression.ESTIMATED; k++) {
            averagesOnly &= missing[k] == Progression.UNKNOWN;
        }
        int last = component.blocksPerRow - 1;
        for (int column = 0; column <= last; column++) {
            slide(plane, rows, column, last);
            estimate(component.quantization, missing, averagesOnly, out, column * 64);
        }
    }

    private int[] missingBits(Component component, int mcuRow) {
        if (mcuRow <= lastGoodRow) {
            return progression.missingBits(component.index, false);
        }
        if (progression.hadSeveralScans()) {
            return progression.missingBits(component.index, true);
        }
        int[] nothingKnown = new int[Progression.ESTIMATED];
        Arrays.fill(nothingKnown, Progression.UNKNOWN);
        return nothingKnown;
    }

    /** The two rows above, the row, the two below; where libjpeg-turbo does not look farther, the nearest one. */
    private int[] rowsAround(Component component, int mcuRow, int blockRow) {
        int row = mcuRow * component.vertical + blockRow;
        int rows = component.blockRowsIn(mcuRow);
        int last = frame.mcuRows - 1;
        int above = blockRow > 0 || mcuRow > 0 ? row - 1 : row;
        int above2 = blockRow > 1 || mcuRow > 1 ? row - 2 : above;
        int below = blockRow < rows - 1 || mcuRow < last ? row + 1 : row;
        int below2 = blockRow < rows - 2 || mcuRow + 1 < last ? row + 2 : below;
        return new int[] {above2, above, row, below, below2};
    }

    /** Moves the window of averages to a column; as in libjpeg-turbo, it holds the first until others have come in. */
    private void slide(CoefficientPlane plane, int[] rows, int column, int last) {
        for (int r = 0; r < WINDOW; r++) {
            int start = r * WINDOW;
            if (column == 0) {
                Arrays.fill(window, start, start + WINDOW, plane.dc(rows[r], 0));
                if (last > 0) {
                    window[start + 3] = plane.dc(rows[r], 1);
                }
            } else {
                System.arraycopy(window, start + 1, window, start, WINDOW - 1);
            }
            if (column + 1 < last) {
                window[start + 4] = plane.dc(rows[r], column + 2);
            }
        }
    }

    private void estimate(short[] divisors, int[] missing, boolean averagesOnly, short[] out, int at) {
        int[][] kernels = averagesOnly ? AVERAGES_KNOWN : SOME_KNOWN;
        long dcDivisor = divisors[0] & 0xffff;
        for (int k = 1; k < Progression.ESTIMATED; k++) {
            int natural = Zigzag.TO_NATURAL[k];
            if (kernels[k] != null && missing[k] != 0 && out[at + natural] == 0) {
                int limit = missing[k] > 0 ? (1 << missing[k]) - 1 : Integer.MAX_VALUE;
                out[at + natural] = quotient(dcDivisor * weigh(kernels[k]), divisors[natural] & 0xffff, limit);
            }
        }
        if (averagesOnly) {
            out[at] = quotient(dcDivisor * weigh(kernels[0]), dcDivisor, Integer.MAX_VALUE);
        }
    }

    private int weigh(int[] kernel) {
        int sum = 0;
        for (int i = 0; i < kernel.length; i++) {
            sum += kernel[i] * window[i];
        }
        return sum;
    }

    /** The quotient by 256 times the divisor, rounded away from zero, limited in size. */
    private static short quotient(long value, long divisor, int limit) {
        int size = Math.min((int) (((divisor << 7) + Math.abs(value)) / (divisor << 8)), limit);
        return (short) (value < 0 ? -size : size);
    }
}
