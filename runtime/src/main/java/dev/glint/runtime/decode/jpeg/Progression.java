package dev.glint.runtime.decode.jpeg;

import java.util.Arrays;

/** How exactly each coefficient of a progressive picture is known so far. */
final class Progression {
    /** Nothing was sent of a coefficient. */
    static final int UNKNOWN = -1;

    /** Those in front, in zigzag order, that {@link BlockSmoothing} estimates. */
    static final int ESTIMATED = 10;

    private static final int MAX_APPROXIMATION = 13;

    private final Input in;
    private final int[][] missingBits;
    private final int[][] missingBitsBefore;
    private int scans;

    Progression(Input in, Frame frame) {
        this.in = in;
        this.missingBits = new int[frame.components.length][Zigzag.COEFFICIENTS];
        this.missingBitsBefore = new int[frame.components.length][ESTIMATED];
        for (int[] bits : missingBits) {
            Arrays.fill(bits, UNKNOWN);
        }
    }

    /**
     * Low bits that are missing of a component's coefficients, in zigzag order; {@link #UNKNOWN} if all are.
     *
     * @param before whether to tell how it was before the last scan with this component
     */
    int[] missingBits(int component, boolean before) {
        return before ? missingBitsBefore[component] : missingBits[component];
    }

    /** Takes note of a scan, if it makes sense. */
    void begin(Scan scan) {
        requireSense(scan);
        scans++;
        for (Component component : scan.components()) {
            int[] bits = missingBits[component.index];
            if (!scan.isDc() && bits[0] == UNKNOWN) {
                contradiction(component, 0);
            }
            for (int k = Math.min(scan.spectralStart(), 1); k < ESTIMATED; k++) {
                missingBitsBefore[component.index][k] = scans > 1 ? bits[k] : 0;
            }
            for (int k = scan.spectralStart(); k <= scan.spectralEnd(); k++) {
                if (scan.approximationHigh() != Math.max(bits[k], 0)) {
                    contradiction(component, k);
                }
                bits[k] = scan.approximationLow();
            }
        }
    }

    /** How it was before the only scan of a picture is not defined by what that scan found. */
    boolean hadSeveralScans() {
        return scans > 1;
    }

    private void requireSense(Scan scan) {
        int start = scan.spectralStart();
        int end = scan.spectralEnd();
        boolean band = scan.isDc() ? end == 0 : start <= end && end < Zigzag.COEFFICIENTS && !scan.interleaved();
        int high = scan.approximationHigh();
        int low = scan.approximationLow();
        if (!band || low > MAX_APPROXIMATION || high != 0 && low != high - 1) {
            throw in.broken(
                    "a scan of coefficients " + start + " to " + end + ", bits " + high + " to " + low,
                    "a progressive scan");
        }
    }

    private void contradiction(Component component, int k) {
        in.damaged(
                "a scan that does not go on where the one before ended (component " + component.id + ", coefficient "
                        + k + ")",
                "scans that refine each other");
    }
}
