package dev.glint.runtime.decode.jpeg;

/**
 * The samples of a component in the row of MCUs that is being decoded and in the quarter of one above it, which
 * upsampling still needs. A row group is what becomes {@code maxVertical} rows of the picture; a row of MCUs has as many as
 * a block has rows, eight of a picture in its full size.
 */
final class SampleRows {
    private static final int GROUPS_ABOVE = 2;

    final byte[] samples;
    final int stride;

    private final Component component;
    private final int blockSize;
    private final int rowsAbove;
    private final int rowsPerMcu;

    /** The component's row with which the row of MCUs begins. */
    private int firstRow;

    SampleRows(Frame frame, Component component) {
        this.component = component;
        this.blockSize = component.transform.size();
        this.rowsAbove = GROUPS_ABOVE * frame.groupHeight(component);
        this.rowsPerMcu = component.vertical * blockSize;
        this.stride = component.blocksPerRow * blockSize;
        this.samples = new byte[(rowsAbove + rowsPerMcu) * stride];
    }

    /** Where the samples of a block go; {@code blockRow} counts within the row of MCUs. */
    int blockOffset(int blockRow, int blockColumn) {
        return (rowsAbove + blockRow * blockSize) * stride + blockColumn * blockSize;
    }

    /** Where a row of the component begins; beyond its edges, the row at the edge. */
    int offset(int row) {
        int inside = Math.max(0, Math.min(row, component.height - 1));
        return (inside - firstRow + rowsAbove) * stride;
    }

    /** Goes on to the next row of MCUs. */
    void advance() {
        System.arraycopy(samples, rowsPerMcu * stride, samples, 0, rowsAbove * stride);
        firstRow += rowsPerMcu;
    }
}
