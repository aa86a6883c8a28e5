package dev.glint.runtime.decode.png;

/** Undoes the five row filters (section 9). */
final class RowFilter {
    static final int LAST = 4;

    private RowFilter() {}

    /**
     * Undoes a filter in place.
     *
     * @param filter 0 to {@link #LAST}
     * @param row the filter byte, then {@code length} filtered bytes
     * @param above the row above in the same form, its bytes restored; all zero for the first row
     * @param step the distance of the byte to the left
     */
    static void undo(int filter, byte[] row, byte[] above, int length, int step) {
        switch (filter) {
            case 1 -> left(row, length, step);
            case 2 -> up(row, above, length);
            case 3 -> average(row, above, length, step);
            case 4 -> paeth(row, above, length, step);
            default -> {}
        }
    }

    private static void left(byte[] row, int length, int step) {
        for (int i = step + 1; i <= length; i++) {
            row[i] += row[i - step];
        }
    }

    private static void up(byte[] row, byte[] above, int length) {
        for (int i = 1; i <= length; i++) {
            row[i] += above[i];
        }
    }

    private static void average(byte[] row, byte[] above, int length, int step) {
        for (int i = 1; i <= Math.min(step, length); i++) {
            row[i] += (byte) ((above[i] & 0xff) >> 1);
        }
        for (int i = step + 1; i <= length; i++) {
            row[i] += (byte) ((row[i - step] & 0xff) + (above[i] & 0xff) >> 1);
        }
    }

    private static void paeth(byte[] row, byte[] above, int length, int step) {
        for (int i = 1; i <= Math.min(step, length); i++) {
            row[i] += above[i];
        }
        for (int i = step + 1; i <= length; i++) {
            int left = row[i - step] & 0xff;
            int up = above[i] & 0xff;
            int corner = above[i - step] & 0xff;
            int toLeft = Math.abs(up - corner);
            int toUp = Math.abs(left - corner);
            int toCorner = Math.abs(left + up - 2 * corner);
            int nearest = toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
            row[i] += (byte) nearest;
        }
    }
}
