package dev.glint.runtime.decode.raw;

/**
 * What the bytes of {@link RawPixels} mean.
 *
 * <p>Luminance and colour differences become red, green and blue by the matrix of ITU-R BT.601, in integers with 20 bits of
 * fraction, rounded to the nearest and limited to 0 to 255. In the limited range, which is usual for video, luminance is 16 to 235
 * and a difference 16 to 240; in the full range, which JPEG and the cameras of phones use, all are 0 to 255 (ITU-T T.871). A colour
 * difference stands for all pixels that share it.
 */
public enum PixelFormat {
    /** Red, green, blue: three bytes a pixel. */
    RGB(new PackedRows(0, 1, 2)),
    /** Blue, green, red: three bytes a pixel, as OpenCV has them. */
    BGR(new PackedRows(2, 1, 0)),
    /**
     * A plane of luminance, a byte a pixel; behind it one of V and U in turn, a pair for 2x2 pixels, or fewer at odd edges. Limited
     * range.
     */
    NV21(new PlanarRows(YuvMatrix.LIMITED)),
    /** As {@link #NV21}, in the full range, as Android's cameras have it. */
    NV21_FULL_RANGE(new PlanarRows(YuvMatrix.FULL)),
    /** Luminance, U, luminance, V: four bytes for two pixels, as webcams deliver them. Limited range. */
    YUYV(new PairedRows(YuvMatrix.LIMITED)),
    /** As {@link #YUYV}, in the full range. */
    YUYV_FULL_RANGE(new PairedRows(YuvMatrix.FULL));

    private final RowLayout layout;

    PixelFormat(RowLayout layout) {
        this.layout = layout;
    }

    /** Bytes that a row takes without a gap behind it, of the longest plane. */
    int rowBytes(int width) {
        return layout.rowBytes(width);
    }

    /** Rows of all planes. */
    int rows(int height) {
        return layout.rows(height);
    }

    /** Writes a row's red, green and blue to {@code rgb} from {@code at} on. */
    void convertRow(RawPixels pixels, int row, byte[] rgb, int at) {
        layout.convertRow(pixels, row, rgb, at);
    }
}
