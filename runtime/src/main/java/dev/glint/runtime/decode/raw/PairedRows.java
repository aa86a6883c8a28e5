package dev.glint.runtime.decode.raw;

/** Luminance, U, luminance, V for each two pixels. */
record PairedRows(YuvMatrix matrix) implements RowLayout {
    @Override
    public int rowBytes(int width) {
        return (width + width % 2) * 2;
    }

    @Override
    public int rows(int height) {
        return height;
    }

    @Override
    public void convertRow(RawPixels pixels, int row, byte[] rgb, int at) {
        byte[] bytes = pixels.bytes();
        int start = row * pixels.stride();
        for (int x = 0, to = at; x < pixels.width(); x++, to += 3) {
            int pair = start + x / 2 * 4;
            matrix.convert(bytes[start + 2 * x], bytes[pair + 1], bytes[pair + 3], rgb, to);
        }
    }
}
