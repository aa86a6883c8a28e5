package dev.glint.runtime.decode.jpeg;

/** All coefficients of a component, as pictures of several scans need them: two bytes for each sample. */
final class CoefficientPlane {
    final int blocksPerRow;
    final short[] coefficients;

    CoefficientPlane(Component component) {
        blocksPerRow = component.paddedBlocksPerRow();
        coefficients = new short[blocksPerRow * component.paddedBlockRows() * Zigzag.COEFFICIENTS];
    }

    /** Where the block begins. */
    int offset(int row, int column) {
        return (row * blocksPerRow + column) * Zigzag.COEFFICIENTS;
    }

    /** The coefficient of the lowest frequency. */
    int dc(int row, int column) {
        return coefficients[offset(row, column)];
    }
}
