package dev.glint.runtime.decode.jpeg;

/**
 * The samples of a component in the row of MCUs that is being decoded and in the quarter of one above it, which
 * upsampling still needs. A row group is what becomes {@code maxVertical} rows of the picture; a row of MCUs has eight.
 */
final class SampleRows {
    private static final int GROUPS = 8;
    private static final int GROUPS_ABOVE = 2;

    final byte[] samples;
    final int stride;

    private final Component component;
    private final int rowsAbove;

    /** The component's row with which the row of MCUs begins. */
    private int firstRow;

    SampleRows(Component component) {
        this.component = component;
        this.rowsAbove = GROUPS_ABOVE * component.vertical;
        this.stride = component.blocksPerRow * 8;
        this.samples = new byte[(rowsAbove + GROUPS * component.vertical) * stride];
    }

    /** Where the samples of a block go; {@code blockRow} counts within the row of MCUs. */
    int blockOffset(int blockRow, int blockColumn) {
        return (rowsAbove + blockRow * 8) * stride + blockColumn * 8;
    }

    /** Where a row of the component begins; beyond its edges, the row at the edge. */
    int offset(int row) {
        int inside = Math.max(0, Math.min(row, component.height - 1));
        return (inside - firstRow + rowsAbove) * stride;
    }

    /** Goes on to the next row of MCUs. */
    void advance() {
        System.arraycopy(samples, GROUPS * component.vertical * stride, samples, 0, rowsAbove * stride);
        firstRow += GROUPS * component.vertical;
    }
}
