package dev.glint.runtime.decode.raw;

/** How rows of pixels lie in bytes. */
sealed interface RowLayout permits PackedRows, PlanarRows, PairedRows {

    /** Bytes that a row takes without a gap behind it, of the longest plane. */
    int rowBytes(int width);

    /** Rows of all planes. */
    int rows(int height);

    /** Writes a row's red, green and blue to {@code rgb} from {@code at} on. */
    void convertRow(RawPixels pixels, int row, byte[] rgb, int at);
}
